import { Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { memo, useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'

import type { ReportRow } from '../api/shapes'
import { longDate, shortDay } from '../clock/clock'
import { cellText, markColor, type Column } from './cells'
import classes from './report-grid.module.css'

/** The height of a row in pixels, which the style sheet repeats. */
const ROW = 34
/** Rows that are drawn beyond what is seen. */
const SPARE = 12

interface Props {
  columns: Column[]
  rows: ReportRow[]
  sums: (number | null)[]
  label: string
}

/** A report as a table of any length: only the rows that are seen are drawn. */
export function ReportGrid({ columns, rows, sums, label }: Props) {
  const { t } = useTranslation()
  const frame = useRef<HTMLDivElement>(null)
  const [seen, setSeen] = useState({ top: 0, height: 800 })
  const printing = usePrinting()
  useEffect(() => {
    const element = frame.current
    if (!element) return
    const look = () => setSeen({ top: element.scrollTop, height: element.clientHeight })
    const watch = new ResizeObserver(look)
    watch.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      watch.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [])
  // In steps, so that scrolling a little draws nothing anew.
  const first = printing ? 0 : Math.max(0, Math.floor(Math.min(seen.top, rows.length * ROW) / ROW / SPARE) * SPARE - SPARE)
  const last = printing ? rows.length : Math.min(rows.length, first + Math.ceil(seen.height / ROW) + 3 * SPARE)
  // Who it is stays in sight, and what begins the row where there is nobody.
  const lead = Math.max(0, columns.findIndex(({ key }) => key === 'name'))
  const summed = sums.some((sum) => sum !== null)
  return (
    <div ref={frame} className={classes.frame} tabIndex={0} role="region" aria-label={label} data-testid="report-grid">
      <table className={classes.table} aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {columns.map((column, i) => (
              <th key={column.key} scope="col" data-form={column.form} data-lead={i === lead || undefined} {...headTitle(column)}>
                <Head column={column} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {first > 0 && <tr aria-hidden style={{ height: first * ROW }} />}
          {rows.slice(first, last).map((row, i) => (
            <Line key={first + i} columns={columns} row={row} lead={lead} index={first + i} />
          ))}
          {last < rows.length && <tr aria-hidden style={{ height: (rows.length - last) * ROW }} />}
        </tbody>
        {summed && (
          <tfoot>
            <tr>
              {columns.map((column, i) => (
                <td key={column.key} data-form={column.form} data-lead={i === lead || undefined}>
                  {i === lead ? t('reports.total') : cellText(column, sums[i], String)}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  )
}

const headTitle = ({ form, key }: Column) => (form === 'mark' ? { title: longDate(key), 'aria-label': longDate(key) } : {})

function Head({ column }: { column: Column }) {
  const { t, i18n } = useTranslation()
  if (column.form === 'mark') {
    const { weekday, day } = shortDay(column.key)
    return (
      <>
        {day}
        <Text span display="block" size="xs" c="dimmed" fw={400} lh={1}>
          {weekday.slice(0, 2)}
        </Text>
      </>
    )
  }
  const key = `reports.column.${column.key}`
  return <>{i18n.exists(key) ? t(key as 'reports.column.name') : column.label}</>
}

interface LineProps {
  columns: Column[]
  row: ReportRow
  lead: number
  index: number
}

const Line = memo(function Line({ columns, row, lead, index }: LineProps) {
  const { t, i18n } = useTranslation()
  const word = (code: string) => {
    const key = [`day.${code}`, `day.flags.${code}`].find((one) => i18n.exists(one))
    return key ? t(key as 'day.present') : code
  }
  return (
    <tr aria-rowindex={index + 2} data-testid={`row-${row.username}`}>
      {columns.map((column, i) => {
        const text = cellText(column, row.cells[i], word)
        const color = column.form === 'mark' ? markColor(text) : undefined
        return (
          <td
            key={column.key}
            data-form={column.form}
            data-lead={i === lead || undefined}
            data-zero={row.cells[i] === 0 || undefined}
            title={column.form === 'text' || column.form === 'word' ? text : undefined}
            style={color ? { color: `var(--mantine-color-${color}-text)` } : undefined}
          >
            {column.key === 'name' ? (
              <Link className="row-link" to="/employees/$username" params={{ username: row.username }}>
                {text}
              </Link>
            ) : (
              text
            )}
          </td>
        )
      })}
    </tr>
  )
})

/** Whether the page is being printed, when every row is drawn. */
function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false)
  useEffect(() => {
    const begin = () => flushSync(() => setPrinting(true))
    const end = () => setPrinting(false)
    window.addEventListener('beforeprint', begin)
    window.addEventListener('afterprint', end)
    return () => {
      window.removeEventListener('beforeprint', begin)
      window.removeEventListener('afterprint', end)
    }
  }, [])
  return printing
}
