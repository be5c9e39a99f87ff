import { expect, test } from 'vitest'
import { reasons } from '../../shared/errors.ts'
import { readFiles } from './source.ts'

test('every reason code is given by something', () => {
  const source = readFiles('src-main', /\.ts$/)
    .map(({ text }) => text)
    .join('\n')
  expect(Object.keys(reasons).filter((code) => !source.includes(`'${code}'`))).toEqual([])
})

test('reasons are worded alike: lower case or a name, no full stop, and a next step', () => {
  const bad = Object.entries(reasons).filter(([, [message, hint]]) =>
    [message, hint].some((text) => text.trim() === '' || /[.!]$/.test(text) || !/^([a-z`]|Toolgate\b)/.test(text)),
  )
  expect(bad.map(([code]) => code)).toEqual([])
})
