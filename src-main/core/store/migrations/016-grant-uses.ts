/** How many calls a grant is for at most; null: as many as are made before it ends. */
export const grantUses = `
ALTER TABLE grants ADD COLUMN max_uses INTEGER;
`
