import '../theme.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { connect } from '../call.ts'
import { TooltipGround } from '../ui/tooltip.tsx'
import { ApprovalShell } from './approval-shell.tsx'

const at = connect('approval')
const root = document.getElementById('root')
if (!root) throw new Error('the page has no root element')
createRoot(root).render(
  <StrictMode>
    <TooltipGround>
      <ApprovalShell at={at} />
    </TooltipGround>
  </StrictMode>,
)
