/** What to do when a PIN was chosen and its file is gone. */
export function LostWords() {
  return (
    <>
      <p className="text-muted">
        Restore <code>keys/presence-pin</code> in the profile folder from a backup. If there is none, remove the profile
        folder and set up Toolgate anew.
      </p>
      <p className="text-muted">
        If you did not delete it yourself, look into the record first: <code>toolgate audit tail</code>
      </p>
    </>
  )
}
