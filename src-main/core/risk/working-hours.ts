import { isWorkingTime } from '../../../shared/working-hours.ts'

const names = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** Why `now` is outside of the working hours of the settings, in words; null when it is not, or none are set. */
export function outsideHours(now: Date, hours: string | null): string | null {
  if (hours === null || isWorkingTime(now, hours)) return null
  const two = (part: number) => String(part).padStart(2, '0')
  const when = `${names[now.getDay()]} ${two(now.getHours())}:${two(now.getMinutes())}`
  return `it is ${when}, outside of the working hours ${hours}`
}
