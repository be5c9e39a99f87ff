const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (number: number) => String(number).padStart(2, '0')

/** The time of day of a moment (ISO 8601) on this machine's clock, with the day when that is not the day of `now` (ms). */
export function clockWords(at: string, now: number): string {
  const moment = new Date(at)
  if (Number.isNaN(moment.getTime())) return at
  const today = new Date(now)
  const time = `${two(moment.getHours())}:${two(moment.getMinutes())}`
  if (moment.getDate() === today.getDate() && Math.abs(now - moment.getTime()) < 86_400_000) {
    return `${time}:${two(moment.getSeconds())}`
  }
  return `${moment.getDate()} ${months[moment.getMonth()]}, ${time}`
}

/** The same moment to the millisecond, with its day. */
export function exactClock(at: string): string {
  const moment = new Date(at)
  if (Number.isNaN(moment.getTime())) return at
  const day = `${moment.getDate()} ${months[moment.getMonth()]} ${moment.getFullYear()}`
  const time = [moment.getHours(), moment.getMinutes(), moment.getSeconds()].map(two).join(':')
  return `${day}, ${time}.${String(moment.getMilliseconds()).padStart(3, '0')}`
}
