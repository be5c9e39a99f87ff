/** Look of what opens over the page beside its button: menus and popovers. A hairline, no shadow. */
export const floating =
  'z-40 rounded-md border border-line-strong bg-raised text-ink outline-none data-[state=closed]:hidden'
