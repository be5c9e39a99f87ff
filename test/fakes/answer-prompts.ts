// Runs a command in a terminal of its own and answers its prompts as they show: what an agent with a shell can do at best.
// `node answer-prompts.ts '[["PIN:","739154"]]' <command> [<word>…]` prints the screen and ends as the command does.
import { person, type Typing } from '../../scripts/terminal/person.ts'

const [typing = '[]', ...words] = process.argv.slice(2)
const { code, screen } = await person(words, JSON.parse(typing) as Typing)
process.stdout.write(screen)
process.exitCode = code ?? 1
