import { MoreHorizontal, Plus, Search } from 'lucide-react'
import { useState } from 'react'
import { Badge } from '../../src-renderer/ui/badge.tsx'
import { Button, IconButton } from '../../src-renderer/ui/button.tsx'
import { Card, Section } from '../../src-renderer/ui/card.tsx'
import { Chip } from '../../src-renderer/ui/chip.tsx'
import { CopyText } from '../../src-renderer/ui/copy-text.tsx'
import { Dialog } from '../../src-renderer/ui/dialog.tsx'
import { Field, Input, Select, Textarea } from '../../src-renderer/ui/field.tsx'
import { Kbd } from '../../src-renderer/ui/kbd.tsx'
import { Menu } from '../../src-renderer/ui/menu.tsx'
import { RiskMeter } from '../../src-renderer/ui/risk-meter.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../src-renderer/ui/states.tsx'
import { Tabs } from '../../src-renderer/ui/tabs.tsx'
import { Time } from '../../src-renderer/ui/time.tsx'
import { Toasts, toast } from '../../src-renderer/ui/toast.tsx'
import { Checkbox, Switch } from '../../src-renderer/ui/toggle.tsx'
import { type Tone, tones } from '../../src-renderer/ui/tone.tsx'

export function Controls() {
  const [tab, setTab] = useState('a')
  const [on, setOn] = useState(true)
  const [asking, setAsking] = useState(false)
  return (
    <main className="grid h-full grid-cols-3 gap-6 overflow-auto bg-surface p-6">
      <h1 className="sr-only">Controls</h1>
      <div className="flex flex-col gap-4">
        <Section title="Buttons">
          <div className="flex flex-wrap gap-2">
            <Button look="primary" kbd="Mod+Enter">
              Allow once
            </Button>
            <Button look="danger" kbd="Esc">
              Deny
            </Button>
            <Button icon={<Plus size={14} />}>Add</Button>
            <Button look="ghost">Cancel</Button>
            <Button loading>Verify</Button>
            <Button disabled>Disabled</Button>
            <Button size="small">Small</Button>
            <Button size="large" look="primary" onClick={() => setAsking(true)}>
              Large
            </Button>
            <IconButton label="Search">
              <Search size={16} />
            </IconButton>
            <Menu
              label="More"
              items={[
                {
                  label: 'Allow for one hour',
                  note: 'would have covered 6 past calls',
                  kbd: '2',
                  onSelect: () => undefined,
                },
                { label: 'Until the definition changes', kbd: '3', onSelect: () => undefined },
                { label: 'Forget this server', danger: true, onSelect: () => undefined },
              ]}
            >
              <Button icon={<MoreHorizontal size={14} />}>Menu</Button>
            </Menu>
          </div>
        </Section>
        <Section title="Decisions">
          <div className="flex flex-wrap gap-2">
            {(Object.keys(tones) as Tone[]).map((tone) => (
              <Chip key={tone} tone={tone} tip={`rule \`${tone}\``} />
            ))}
          </div>
        </Section>
        <Section title="Risk, badges, keys, times">
          <div className="flex flex-wrap items-center gap-4">
            <RiskMeter score={12} />
            <RiskMeter score={56} />
            <RiskMeter score={100} />
            <RiskMeter score={83} wide />
            <Badge>14</Badge>
            <Badge strong>3</Badge>
            <Kbd keys="Mod+K" />
            <Time at={new Date(Date.now() - 240_000).toISOString()} />
            <CopyText text="a41f0c7be2d94c1d8f3e6a7b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a8b7c6d" />
          </div>
        </Section>
        <Section title="Skeleton">
          <Skeleton className="h-4 w-48" />
          <Skeleton />
        </Section>
      </div>
      <div className="flex flex-col gap-4">
        <Section title="Form">
          <Field label="Name" hint="1–63 letters, digits, dots or dashes.">
            <Input mono placeholder="files" />
          </Field>
          <Field label="Name" error="a server of this name is approved already">
            <Input mono defaultValue="files" />
          </Field>
          <Field label="Trust">
            <Select>
              <option>restricted</option>
              <option>trusted</option>
            </Select>
          </Field>
          <Field label="Why">
            <Textarea placeholder="What will they read in the record?" />
          </Field>
          <Switch
            label="Observe mode"
            hint="Lets calls through that policy would ask about."
            checked={on}
            onChange={setOn}
          />
          <Switch label="Off" checked={false} onChange={() => undefined} />
          <Checkbox label="Safe to repeat" defaultChecked />
        </Section>
      </div>
      <div className="flex flex-col gap-4">
        <Tabs
          label="Views"
          selected={tab}
          onSelect={setTab}
          tabs={[
            { id: 'a', label: 'Tools', count: 14, content: 'Fourteen tools.' },
            { id: 'b', label: 'Definition', content: 'The definition.' },
          ]}
        />
        <ErrorState
          compact
          title="Not approved"
          why="this changed since it was shown"
          hint="look at it again, then decide; see `toolgate servers list`"
          action={<Button size="small">Look again</Button>}
        />
        <Card>
          <EmptyState
            icon={<Search size={24} />}
            title="No calls yet"
            action={<Button look="primary">Connect a client</Button>}
          >
            Calls appear here as soon as a client makes one.
          </EmptyState>
        </Card>
        <Button
          onClick={() => {
            toast({ title: 'Copied', tone: 'allowed' })
            toast({ title: 'Not stopped', detail: 'the gateway did not answer', tone: 'denied' })
          }}
        >
          Toasts
        </Button>
      </div>
      {asking && (
        <Dialog
          title="Forget this server?"
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>Keep</Button>
              <Button look="danger">Forget</Button>
            </>
          }
        >
          Its reviews go; its records stay.
        </Dialog>
      )}
      <Toasts />
    </main>
  )
}
