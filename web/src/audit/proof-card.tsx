import { Alert, Button, Code, CopyButton, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useMe } from '../session/use-session'
import { Failed } from '../shell/states'
import { verify } from './audit'
import classes from './entry-row.module.css'

/** Whether the log is as it was written, and the seal to write down. */
export function ProofCard({ head }: { head: string | undefined }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const [known, setKnown] = useState('')
  const check = useMutation({ mutationFn: () => verify(company, known) })
  const result = check.data
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} component="section" aria-label={t('audit.proof')}>
      <Stack gap="sm">
        <div>
          <Title order={2} size="h4">
            {t('audit.proof')}
          </Title>
          <Text size="sm" c="dimmed" maw={760}>
            {t('audit.proofLead')}
          </Text>
        </div>
        {head && (
          <Group gap="xs" align="flex-end">
            <div style={{ minWidth: 0, flex: '1 1 16rem' }}>
              <Text size="sm" fw={540}>
                {t('audit.head')}
              </Text>
              <Code className={classes.value} data-testid="audit-head">
                {head}
              </Code>
            </div>
            <CopyButton value={head}>
              {({ copied, copy }) => (
                <Button variant="default" size="xs" onClick={copy}>
                  {t(copied ? 'audit.copied' : 'audit.copy')}
                </Button>
              )}
            </CopyButton>
          </Group>
        )}
        <form
          onSubmit={(event) => {
            event.preventDefault()
            check.mutate()
          }}
        >
          <Group align="flex-end" gap="sm">
            <TextInput
              label={t('audit.known')}
              description={t('audit.knownHint')}
              value={known}
              onChange={(event) => setKnown(event.currentTarget.value)}
              style={{ flex: '1 1 16rem' }}
              maxLength={100}
            />
            <Button type="submit" loading={check.isPending}>
              {t('audit.check')}
            </Button>
          </Group>
        </form>
        {check.error && <Failed error={check.error} />}
        {result?.ok && (
          <Alert color="pine" icon={<IconShieldCheck />} title={t('audit.right', { count: result.entries })} role="status" />
        )}
        {result && !result.ok && (
          <Alert color="red" icon={<IconAlertTriangle />} title={t('audit.brokenAt', { seq: result.broken_at ?? 1 })} role="alert">
            {t('audit.brokenHint', { reason: capital(result.reason ?? ''), count: result.entries })}
          </Alert>
        )}
      </Stack>
    </Paper>
  )
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
