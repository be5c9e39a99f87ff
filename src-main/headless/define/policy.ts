import type { Command } from 'commander'
import { policyWords } from '../policy-source.ts'
import { act, group, subcommand, wholeNumber } from './command.ts'

const load = () => import('../commands/policy.ts')
const loadTry = () => import('../commands/policy-try.ts')
const loadChange = () => import('../commands/policy-change.ts')

/** Commands about policy. */
export function definePolicy(program: Command): void {
  const policy = group(program, 'policy', 'the rules in force')
  subcommand(
    policy,
    'show',
    'show the rules in force, problems, and what waits to be confirmed',
    'toolgate policy show',
  ).action((_, command) => act(command, async (cli) => (await load()).showPolicy(cli)))
  subcommand(
    policy,
    'lint [files...]',
    'check policy files without putting them into force',
    'toolgate policy lint my-rules.yaml',
  ).action((files, _, command) =>
    act(command, async (cli) => (await import('../commands/policy-lint.ts')).lint(cli, files)),
  )
  subcommand(
    policy,
    'test [files...]',
    'run the tests that lie beside the rules (`*.test.yaml`)',
    'toolgate policy test my-rules.yaml my-rules.test.yaml',
  ).action((files, _, command) => act(command, async (cli) => (await loadChange()).testPolicy(cli, files)))
  subcommand(
    policy,
    'confirm',
    'put a waiting, looser policy into force (asks for your PIN)',
    'toolgate policy confirm',
  )
    .option('--yes', 'do not ask; the PIN is still needed')
    .action((options, command) => act(command, async (cli) => (await load()).confirmPolicy(cli, options.yes === true)))
  defineTrying(policy)
  defineChanging(policy)
}

function defineTrying(policy: Command): void {
  subcommand(
    policy,
    'explain [call]',
    'say why a call is decided as it is, rule by rule',
    'toolgate policy explain --envelope call.yaml --policy folder',
  )
    .option('--envelope <file>', 'a file that describes a call, `-` for standard input')
    .option('--policy <policy>', policyWords, 'in-force')
    .option('--all', 'also list the rules that do not match')
    .action((call, options, command) =>
      act(command, async (cli) =>
        (await loadTry()).explainPolicy(cli, call, { ...options, all: options.all === true }),
      ),
    )
  subcommand(
    policy,
    'diff [from] [to]',
    'say what one policy changes over another',
    'toolgate policy diff in-force folder',
  )
    .addHelpText('after', `\nEach is ${policyWords}.`)
    .action((from, to, _, command) =>
      act(command, async (cli) => (await loadTry()).diffPolicy(cli, from ?? 'in-force', to ?? 'folder')),
    )
  subcommand(
    policy,
    'replay [policy]',
    'say what a policy would have done with the recorded calls',
    'toolgate policy replay folder --days 30',
  )
    .addHelpText('after', `\nThe policy is ${policyWords}; by default the folder.`)
    .option('--days <number>', 'calls of so many days', wholeNumber, 7)
    .option('--limit <number>', 'at most so many calls, the newest', wholeNumber, 20_000)
    .option('--list <number>', 'name at most so many calls that change', wholeNumber, 20)
    .action((words, options, command) =>
      act(command, async (cli) => (await loadTry()).replayPolicy(cli, words ?? 'folder', options)),
    )
  subcommand(
    policy,
    'suggest',
    'draw rules from the calls that ran, which allow these and no more',
    'toolgate policy suggest --server github > github.yaml',
  )
    .option('--days <number>', 'calls of so many days', wholeNumber, 30)
    .option('--server <name>', 'of one server only')
    .action((options, command) => act(command, async (cli) => (await loadTry()).suggestPolicy(cli, options)))
}

function defineChanging(policy: Command): void {
  subcommand(policy, 'history', 'list the policies that came into force', 'toolgate policy history')
    .option('--limit <number>', 'at most so many, the newest', wholeNumber, 20)
    .action((options, command) => act(command, async (cli) => (await loadChange()).policyHistory(cli, options.limit)))
  subcommand(
    policy,
    'rollback <hash>',
    'put the rule files of a former policy back',
    "toolgate policy rollback 4f1c09ab --reason 'the new rules deny too much'",
  )
    .requiredOption('--reason <text>', 'why; it is kept with the policy')
    .action((hash, options, command) =>
      act(command, async (cli) => (await loadChange()).rollbackPolicy(cli, hash, options.reason)),
    )
  subcommand(
    policy,
    'export',
    'give a policy with its history, to keep or to carry elsewhere',
    'toolgate policy export --to kept',
  )
    .option('--policy <policy>', policyWords, 'in-force')
    .option('--to <folder>', 'write its files into a new folder')
    .action((options, command) => act(command, async (cli) => (await loadChange()).exportPolicy(cli, options)))
}
