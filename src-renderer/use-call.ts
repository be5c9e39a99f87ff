import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { useStore } from 'zustand'
import type { CallName, Input, Output, Topic } from '../shared/calls.ts'
import { CallFailure, type Connection, call, connection, onEvent } from './call.ts'

/** An answer and how fresh it is. `value` is the last good one, kept while it is asked for again and when that fails. */
export type Answer<T> = { value: T | undefined; error: CallFailure | null; loading: boolean }

type Question = {
  ask: () => Promise<unknown>
  topics: Set<Topic>
  answer: Answer<unknown>
  watchers: Set<() => void>
  asking: boolean
  /** Something changed while the answer was on its way. */
  again: boolean
}

/** Questions that nobody watches are kept, so that going back to a page shows its last answer at once; the oldest go. */
const mostIdle = 40
const waiting: Answer<never> = { value: undefined, error: null, loading: false }
const questions = new Map<string, Question>()

onEvent(({ changed }) => {
  for (const question of questions.values()) {
    if (changed.some((topic) => question.topics.has(topic))) askAgain(question)
  }
})

connection.subscribe(({ state }) => {
  if (state === 'open') for (const question of questions.values()) askAgain(question)
})

/** How the page stands with its host, as it changes. */
export function useConnection(): Connection {
  return useStore(connection)
}

/**
 * The answer to a call that only reads: asked once however many components want it, and again whenever one of `topics`
 * changes and after every reconnect. A null `input` asks nothing.
 */
export function useCall<N extends CallName>(
  name: N,
  input: Input<N> | null,
  topics: readonly Topic[],
): Answer<Output<N>> & { refresh: () => void } {
  const key = input === null ? null : `${name} ${JSON.stringify(input)}`
  const about = topics.join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for name and input, `about` for the topics
  const question = useMemo(
    () => (key === null || input === null ? null : questionOf(key, () => call(name, input), topics)),
    [key, about],
  )
  const subscribe = useCallback(
    (changed: () => void) => (question ? watch(question, changed) : () => undefined),
    [question],
  )
  const answer = useSyncExternalStore(subscribe, () => question?.answer ?? waiting) as Answer<Output<N>>
  const refresh = useCallback(() => {
    if (question) askAgain(question)
  }, [question])
  return { ...answer, refresh }
}

function questionOf(key: string, ask: () => Promise<unknown>, topics: readonly Topic[]): Question {
  const known = questions.get(key)
  for (const topic of known ? topics : []) known?.topics.add(topic)
  if (known) {
    // It becomes the youngest: what is being drawn now, and not watched yet, must not be what goes.
    questions.delete(key)
    questions.set(key, known)
    return known
  }
  const answer = { value: undefined, error: null, loading: true }
  const question = {
    ask,
    topics: new Set(topics),
    answer,
    watchers: new Set<() => void>(),
    asking: false,
    again: false,
  }
  questions.set(key, question)
  const idle = [...questions].filter(([name, it]) => it.watchers.size === 0 && name !== key)
  for (const [name] of idle.slice(0, Math.max(0, idle.length - mostIdle))) questions.delete(name)
  return question
}

function watch(question: Question, changed: () => void): () => void {
  question.watchers.add(changed)
  // Another component that came in the same moment asks already.
  if (question.watchers.size === 1) askAgain(question)
  return () => question.watchers.delete(changed)
}

function askAgain(question: Question): void {
  if (question.watchers.size === 0 || connection.getState().state !== 'open') return
  if (question.asking) {
    question.again = true
    return
  }
  question.asking = true
  question.again = false
  tell(question, { ...question.answer, loading: true })
  question.ask().then(
    (value) => settle(question, { value, error: null, loading: false }),
    (error: unknown) => settle(question, { ...question.answer, error: asFailure(error), loading: false }),
  )
}

function settle(question: Question, answer: Answer<unknown>): void {
  question.asking = false
  // A lost connection is said once, by the page; what was known stays, and is asked again when it is back.
  const lost = answer.error?.code === 'CONNECTION_LOST'
  tell(question, lost ? { ...answer, error: null, loading: true } : answer)
  if (question.again) askAgain(question)
}

function tell(question: Question, answer: Answer<unknown>): void {
  question.answer = answer
  for (const watcher of question.watchers) watcher()
}

/** Any error as a failure that can be shown to a person. */
export function asFailure(error: unknown): CallFailure {
  if (error instanceof CallFailure) return error
  return new CallFailure('INTERNAL', 'the page failed', error instanceof Error ? error.message : 'reload the page')
}
