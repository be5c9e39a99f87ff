import '../theme.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { connect } from '../call.ts'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { TooltipGround } from '../ui/tooltip.tsx'
import { pageFailed } from './page-failed.tsx'
import { Shell } from './shell.tsx'
import { applyTheme } from './theme-choice.ts'

applyTheme()
connect('app')
const root = document.getElementById('root')
if (!root) throw new Error('the page has no root element')
createRoot(root).render(
  <StrictMode>
    <ErrorBoundary instead={pageFailed}>
      <TooltipGround>
        <Shell />
      </TooltipGround>
    </ErrorBoundary>
  </StrictMode>,
)
