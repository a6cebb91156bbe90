import { Button } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import { useRef, useState, type ReactNode } from 'react'

interface Props {
  icon: Icon
  /** What the area says. */
  children: ReactNode
  /** What the button says. */
  choose: string
  loading?: boolean
  accept: string
  multiple?: boolean
  /** What the file input is called. */
  label: string
  testId: string
  onFiles: (files: File[]) => void
}

/** Takes files that are dropped or chosen. */
export function DropArea({ icon: Icon, children, choose, loading = false, accept, multiple = false, label, testId, onFiles }: Props) {
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const take = (files: FileList | null) => {
    if (files?.length) onFiles([...files])
  }
  return (
    <div
      className="drop"
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        take(event.dataTransfer.files)
      }}
    >
      <Icon size={30} stroke={1.5} color="var(--mantine-color-dimmed)" />
      {children}
      <Button variant="default" size="sm" loading={loading} onClick={() => input.current?.click()}>
        {choose}
      </Button>
      <input
        ref={input}
        type="file"
        accept={accept}
        multiple={multiple}
        hidden
        aria-label={label}
        data-testid={testId}
        onChange={(event) => {
          take(event.currentTarget.files)
          // Choosing the same file again must count again.
          event.currentTarget.value = ''
        }}
      />
    </div>
  )
}
