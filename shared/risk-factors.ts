/* Pages draw from this table, and their security policy forbids what schemas do: those lie in `risk-part.ts`. */

/** One factor: its points unless policy says otherwise, when it counts, and what a person reads, `{}` being the detail. */
type Factor = { points: number; when: string; words: string }

/**
 * Every reason for which a call can be more or less risky, by the name under which it is recorded and by which a rule file
 * overrides it (`risk.points`). All that apply add up to the score. `docs/policy.md` lists the same, which a test compares.
 */
export const riskFactors = {
  'action.read': { points: 5, when: 'the tool was reviewed as `read`', words: 'it reads' },
  'action.write': { points: 30, when: 'the tool was reviewed as `write`', words: 'it changes something' },
  'action.destructive': {
    ...{ points: 50, when: 'the tool was reviewed as `destructive`, or nobody knows what it does' },
    words: 'it may delete or overwrite',
  },
  'trust.trusted': { points: 0, when: 'the server is `trusted`', words: 'the server is trusted' },
  'trust.restricted': { points: 5, when: 'the server is `restricted`', words: 'the server is restricted' },
  'trust.sandbox': { points: 15, when: 'the server is a `sandbox`, or not known', words: 'the server is a sandbox' },
  'classification.public': { points: 0, when: 'the tool handles `public` data', words: 'its data is public' },
  'classification.internal': { points: 0, when: 'the tool handles `internal` data', words: 'its data is internal' },
  'classification.confidential': {
    ...{ points: 5, when: 'the tool handles `confidential` data', words: 'its data is confidential' },
  },
  'classification.restricted': {
    ...{ points: 10, when: 'the tool handles `restricted` data, or nobody has classified it' },
    words: 'its data is restricted, or not classified',
  },
  environment: {
    ...{ points: 10, when: 'the server is not known to work in development, test or staging' },
    words: 'the server works in {}',
  },
  client: { points: 3, when: 'the client only claims its name', words: 'the client only claims its name' },
  novelty: {
    ...{ points: 5, when: 'a call of this client to this tool, as it is defined now, has never run' },
    words: 'it is new: {}',
  },
  volume: {
    ...{ points: 15, when: 'in the last minute the client asked for far more than it usually does' },
    words: 'unusually much is asked for: {}',
  },
  time: { points: 10, when: 'it is outside of `working_hours` in `settings.json`, when those are set', words: '{}' },
  sensitive_resource: {
    ...{ points: 25, when: 'a path gives access to something else: keys, credentials, system configuration' },
    words: 'it touches a place of keys or settings: {}',
  },
  near_protected: { points: 15, when: "a folder that holds Toolgate's own files is read", words: '{}' },
  external_destination: {
    ...{ points: 10, when: 'the call, or a link to open, names a host outside of this machine' },
    words: 'it reaches {}, outside of this machine',
  },
  secret_in_arguments: {
    ...{ points: 30, when: 'the arguments, or what is sent beside them, hold a secret or personal data' },
    words: 'its arguments hold what looks like a secret: {}',
  },
  asks_for_secret: {
    points: 70,
    when: 'the form of a server asks for what forms must not ask for: passwords, keys, numbers of cards',
    words: 'it asks you for what forms must not ask for: {}',
  },
} as const satisfies Record<string, Factor>

/** Name of a factor of risk. */
export type RiskFactorName = keyof typeof riskFactors

/** The points of every factor. */
export type RiskPoints = Readonly<Record<RiskFactorName, number>>

/** Names of all factors, in the order in which a call's are listed. */
export const riskFactorNames = Object.keys(riskFactors) as RiskFactorName[]

/** What every factor counts where no policy says otherwise. */
export const usualPoints = Object.fromEntries(
  riskFactorNames.map((name) => [name, riskFactors[name].points]),
) as RiskPoints
