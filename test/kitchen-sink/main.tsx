import './sink.css'
import { createRoot } from 'react-dom/client'
import { TooltipGround } from '../../src-renderer/ui/tooltip.tsx'
import { Controls } from './controls.tsx'
import { Data } from './data.tsx'

const root = document.getElementById('root')
if (!root) throw new Error('the page has no root element')
createRoot(root).render(<TooltipGround>{location.hash === '#data' ? <Data /> : <Controls />}</TooltipGround>)
