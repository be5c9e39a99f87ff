/** Longer names and addresses are not kept in mind: nobody means one by so many characters, and a server can make up any. */
const longest = 2_048

/** What all names of one server may take, in characters; each costs some besides. */
const most = 4 * 1024 * 1024
const each = 100

/** Whether a name is one that is kept in mind. */
export function isKept(name: string): boolean {
  return name.length <= longest
}

/** Room for names that each server has of its own, so that none fills our memory, nor what is left to another. */
export function createRoom() {
  const taken = new Map<string, number>()
  return {
    /** Takes room for a name; false when there is none, or the name is not kept. */
    take(server: string, name: string): boolean {
      const after = (taken.get(server) ?? 0) + each + name.length
      if (!isKept(name) || after > most) return false
      taken.set(server, after)
      return true
    },

    /** One name of a server is forgotten, for which there was room. */
    giveBack(server: string, name: string): void {
      taken.set(server, Math.max(0, (taken.get(server) ?? 0) - each - name.length))
    },

    /** All names of a server are forgotten. */
    free: (server: string) => void taken.delete(server),
  }
}
