import { z } from 'zod'

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
const shape =
  /^(sun|mon|tue|wed|thu|fri|sat)-(sun|mon|tue|wed|thu|fri|sat) ([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/

/** When people work, in the time zone of this machine: `mon-fri 08:00-18:00`; days and hours may go past the end of week or day. */
export const WorkingHours = z
  .string()
  .regex(shape, 'working hours look like `mon-fri 08:00-18:00`, in the time zone of this machine')

/** When nobody is asked: as working hours are written, `mon-sun 22:00-07:00`. */
export const QuietHours = z
  .string()
  .regex(shape, 'quiet hours look like `mon-sun 22:00-07:00`, in the time zone of this machine')

/** Whether `at`, in the time zone of this machine, lies in `hours`, a text that `WorkingHours` takes. */
export function isWorkingTime(at: Date, hours: string): boolean {
  const [, first = '', last = '', ...times] = shape.exec(hours) ?? []
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = times.map(Number)
  const [from, to] = [fromHour * 60 + fromMinute, toHour * 60 + toMinute]
  const minute = at.getHours() * 60 + at.getMinutes()
  const [today, yesterday] = [at.getDay(), (at.getDay() + 6) % 7]
  const works = (day: number) =>
    between(day, days.indexOf(first as (typeof days)[number]), days.indexOf(last as (typeof days)[number]))
  if (from < to) return works(today) && minute >= from && minute < to
  // A shift through midnight belongs to the day on which it began.
  return (works(today) && minute >= from) || (works(yesterday) && minute < to)
}

function between(day: number, first: number, last: number): boolean {
  return first <= last ? day >= first && day <= last : day >= first || day <= last
}
