/** For how long an override lasts at most, in minutes. */
export const longestOverrideMinutes = 60

/** For how long it lasts unless a person says otherwise, in minutes. */
export const usualOverrideMinutes = 15
