// Preloaded into programs of tests: every name means this machine, so that they can ask for one that nobody has.
import dns from 'node:dns'

const lookup = dns.lookup
dns.lookup = (_name, options, done) => lookup('127.0.0.1', options, done)
