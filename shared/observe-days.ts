/** For how long observe mode is on unless it is renewed, and at most, in days. */
export const mostObserveDays = 7
