import { type Message, parseMessage } from '../json/message.ts'
import { type ToolDefinition, toolsOf } from '../registry/definition.ts'
import { resultOf } from '../registry/inspect.ts'
import type { Registry } from '../registry/registry.ts'
import type { createCatalogue } from './catalogue.ts'
import { holdInstructions } from './instructions.ts'
import { announcing } from './listeners.ts'
import { filterList, type Listing, listings } from './to-client.ts'
import type { createViews, ListName } from './views.ts'

type Parts = {
  registry: Registry
  serverName: string
  catalogue: ReturnType<typeof createCatalogue>
  views: ReturnType<typeof createViews>
}

const lists: { readonly [method: string]: { name: ListName; listing: Listing } } = {
  'tools/list': { name: 'tools', listing: listings.tools },
  'resources/list': { name: 'resources', listing: listings.resources },
  'resources/templates/list': { name: 'templates', listing: listings.templates },
  'prompts/list': { name: 'prompts', listing: listings.prompts },
}

/**
 * The answer to a request that passed, without what nobody reviewed, what changed since, and what this client could never have:
 * items of lists, and the server's instructions. Throws MALFORMED_MESSAGE when it could be read in two ways.
 */
export function createAnswers({ registry, serverName, catalogue, views }: Parts) {
  return (method: string, message: Message): Message => {
    const list = Object.hasOwn(lists, method) ? lists[method] : undefined
    let line = message.raw
    if (list && message.spans.has('result')) {
      const { name, listing } = list
      line = filterList(message, listing, (item) =>
        views.shows(name, String(item[listing.named]), name === 'tools' ? (item as ToolDefinition) : null),
      )
      if (name === 'tools') catalogue.learn(toolsOf(resultOf(message)))
    } else if (method === 'initialize' || method === 'server/discover') {
      const told = holdInstructions(message, (instructions) => registry.instructed(serverName, instructions))
      line = announcing(told === message.raw ? message : parseMessage(told))
    }
    return line === message.raw || line.equals(message.raw) ? message : parseMessage(line)
  }
}
