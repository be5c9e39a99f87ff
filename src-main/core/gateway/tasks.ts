import { ToolgateError } from '../../../shared/errors.ts'
import { type Message, paramsOf, parseMessage } from '../json/message.ts'
import type { Reply } from '../pipeline/call.ts'

/** A call that made a task: where its record is, and what it asked for. */
export type Task = { callId: string; toolName: string }

/** So many are kept in mind, newest first to stay; a server could make them without end. */
const kept = 4_096

/**
 * The tasks that calls of one session made, by the id that their answer gave, on either side. A task is known to nobody else: who
 * guesses the id of another client's task is told that there is none.
 */
export function createTasks() {
  const tasks = new Map<string, Task>()

  return {
    /** Remembers the task that a call made, if its answer says so: `result.task` of 2025-11-25, `resultType: task` since. */
    learn(reply: Reply, toolName: string): void {
      if (!reply || reply.refused || !reply.line.includes('taskId')) return
      const made = { callId: reply.callId, toolName }
      const { result } = parseMessage(reply.line).json as {
        result?: { task?: { taskId?: unknown }; taskId?: unknown } | null
      }
      const ids = [result?.task?.taskId, result?.taskId]
      for (const id of ids) if (typeof id === 'string' && !tasks.has(id)) tasks.set(id, made)
      for (const oldest of tasks.keys()) {
        if (tasks.size <= kept) return
        tasks.delete(oldest)
      }
    },

    knows: (id: unknown) => typeof id === 'string' && tasks.has(id),

    /** The call behind the task that a message is about; null for one about all tasks. Throws TASK_UNKNOWN. */
    of(message: Message): Task | null {
      if (message.method === 'tasks/list') return null
      const { taskId } = paramsOf(message)
      const task = typeof taskId === 'string' ? tasks.get(taskId) : undefined
      if (!task) throw new ToolgateError('TASK_UNKNOWN')
      return task
    },
  }
}
