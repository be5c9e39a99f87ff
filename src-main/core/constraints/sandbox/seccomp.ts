/*
 * What a sandboxed process may not ask of the kernel: sockets that no network namespace holds back, and the kernel's keyrings. A
 * path that leads to the socket of a program outside (an agent, a bus, a container engine) would lead out of the sandbox.
 */

type Machine = { arch: number; socket: number; socketpair: number; keys: readonly number[] }

/** AUDIT_ARCH_* of linux/audit.h, and the numbers of system calls, which all machines since 2011 share from 425 on. */
const machines: Partial<Record<NodeJS.Architecture, Machine>> = {
  x64: { arch: 0xc000003e, socket: 41, socketpair: 53, keys: [248, 249, 250] },
  arm64: { arch: 0xc00000b7, socket: 198, socketpair: 199, keys: [217, 218, 219] },
}

/** Makes sockets without a call of its own for each, which no filter would see. */
const ioUringSetup = 425
/** The other numbering of x86-64 (x32) begins here. */
const x32Bit = 0x40000000

/** Address families of sys/socket.h that a network namespace holds: INET, INET6, and NETLINK, which lists its interfaces. */
const families = [2, 10, 16]
const unix = 1
/** Types of pairs that are connected to each other for good; a datagram of a pair could still go to any path. */
const pairs = [1, 5]
const typeBits = 0xf

const [allow, refuse] = [0x7fff0000, 0x00050001]
/** Offsets in struct seccomp_data; of an argument its low half, both machines being little-endian. */
const at = { number: 0, arch: 4, first: 16, second: 24 }

/** One instruction of classic BPF (linux/filter.h): operation, jumps when true and false, operand. */
type Instruction = readonly [op: number, whenTrue: number, whenFalse: number, operand: number]
const load = (offset: number): Instruction => [0x20, 0, 0, offset]
const and = (bits: number): Instruction => [0x54, 0, 0, bits]
const answer = (value: number): Instruction => [0x06, 0, 0, value]
const skipUnlessEqual = (value: number, skipped: number): Instruction => [0x15, 0, skipped, value]
const skipIfBelow = (value: number, skipped: number): Instruction => [0x35, 0, skipped, value]

/** Lets the loaded value through when it is one of these, and refuses it otherwise. */
function onlyThese(values: readonly number[]): Instruction[] {
  return [...values.flatMap((value) => [skipUnlessEqual(value, 1), answer(allow)]), answer(refuse)]
}

/** The same instructions, reached only by one system call; the number is loaded. */
function forCall(number: number, then: readonly Instruction[]): Instruction[] {
  return [skipUnlessEqual(number, then.length), ...then]
}

/**
 * The filter for this machine, as bubblewrap takes it (`--seccomp`); null for a machine that it is not written for. What it
 * refuses fails with EPERM: sockets of other families than IP, and so all Unix sockets but connected pairs; io_uring; keyrings; and
 * every call in another numbering than the machine's own.
 */
export function socketFilter(machine: NodeJS.Architecture = process.arch): Buffer | null {
  const known = machines[machine]
  if (!known) return null
  const pair = [load(at.first), skipUnlessEqual(unix, 3 + 2 * pairs.length), load(at.second), and(typeBits)]
  const program: Instruction[] = [
    load(at.arch),
    skipUnlessEqual(known.arch, 1),
    // Skips the refusal that comes next.
    [0x05, 0, 0, 1],
    answer(refuse),
    load(at.number),
    skipIfBelow(x32Bit, 1),
    answer(refuse),
    ...[ioUringSetup, ...known.keys].flatMap((call) => forCall(call, [answer(refuse)])),
    ...forCall(known.socket, [load(at.first), ...onlyThese(families)]),
    ...forCall(known.socketpair, [...pair, ...onlyThese(pairs), answer(refuse)]),
    answer(allow),
  ]
  const bytes = Buffer.alloc(program.length * 8)
  program.forEach(([op, whenTrue, whenFalse, operand], index) => {
    bytes.writeUInt16LE(op, index * 8)
    bytes.writeUInt8(whenTrue, index * 8 + 2)
    bytes.writeUInt8(whenFalse, index * 8 + 3)
    bytes.writeUInt32LE(operand, index * 8 + 4)
  })
  return bytes
}
