import { expect, test } from 'vitest'
import { externalUrl } from '../../src-main/electron/external-url.ts'
import { desktopArguments, refusedSwitches } from '../../src-main/electron/arguments.ts'
import { doorOf, pageAddress } from '../../src-main/electron/page-address.ts'
