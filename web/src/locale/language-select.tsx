import { Select, type SelectProps } from '@mantine/core'
import { useTranslation } from 'react-i18next'

import { type Language, LANGUAGES } from './languages'

interface Props<L extends string> extends Omit<SelectProps, 'data' | 'value' | 'onChange'> {
  /** A form's input props have both. */
  value?: L
  onChange?: (language: L) => void
  /** What to call the company's language, where it can be chosen: the value is '' then. */
  company?: string
}

/** In which language somebody is written to. */
export function LanguageSelect<L extends '' | Language>({ value, onChange, company, ...rest }: Props<L>) {
  const { t } = useTranslation()
  return (
    <Select
      allowDeselect={false}
      {...rest}
      value={value}
      onChange={(language) => language !== null && onChange?.(language as L)}
      data={[
        ...(company === undefined ? [] : [{ value: '', label: company }]),
        ...LANGUAGES.map((language) => ({ value: language, label: t(`notifications.languages.${language}`) })),
      ]}
    />
  )
}
