// Loaded into the demo's gateway before it begins (`node --import`): its standard input is a pipe from the demo, which ends
// with the demo however that ends, even by SIGKILL. Then this process ends as well, as if it was asked to.
process.stdin.on('error', () => {}).once('close', () => process.kill(process.pid, 'SIGTERM'))
process.stdin.resume().unref()
