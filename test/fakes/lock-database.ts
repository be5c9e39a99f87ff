// Another program that has the database and does not let go: begins to write, says `locked`, and keeps the lock until its input
// ends. Its argument is the file.
import Database from 'better-sqlite3'

const db = new Database(process.argv[2] ?? '')
db.pragma('busy_timeout = 10000')
db.exec('BEGIN IMMEDIATE')
process.stdout.write('locked\n')
process.stdin.resume().on('end', () => {
  db.exec('ROLLBACK')
  db.close()
})
