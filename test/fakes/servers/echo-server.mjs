// A server that gives back every byte it gets, and ends when its input ends.
process.stdin.pipe(process.stdout)
