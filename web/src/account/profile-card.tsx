import { Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { asProblem } from '../api/problem'
import type { Employee } from '../api/shapes'
import { employeeKey, useEmployee } from '../employees/employees'
import { problemText } from '../locale/problem-text'
import { ProfilePicture } from '../people/profile-picture'
import { useMe } from '../session/use-session'
import { Failed } from '../shell/states'

/** A person's own picture and phone number; nothing for accounts that are no employee's. */
export function ProfileCard() {
  const { company, username } = useMe()
  const answer = useEmployee(company, username)
  if (!answer.data) return null
  return <Profile company={company} employee={answer.data} key={answer.data.username} />
}

function Profile({ company, employee }: { company: string; employee: Employee }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const form = useForm({ initialValues: { phone: employee.phone } })
  const save = useMutation({
    mutationFn: (body: typeof form.values) =>
      ok(
        api.PUT('/api/v1/companies/{company}/employees/{username}/phone', {
          params: { path: { company, username: employee.username } },
          body,
        }),
      ),
    onSuccess: ({ phone }) => {
      form.setInitialValues({ phone })
      form.setValues({ phone })
      notifications.show({ message: t('phone.saved'), color: 'pine' })
      return queries.invalidateQueries({ queryKey: employeeKey(company, employee.username) })
    },
    onError: (error) => {
      if (asProblem(error).code === 'invalid') form.setFieldError('phone', problemText(error))
    },
  })
  return (
    <Paper data-testid="profile-card" p={{ base: 'md', sm: 'lg' }}>
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
        <Stack maw={420}>
          <div>
            <Title order={2}>{t('profilePicture.profile')}</Title>
            <Text size="sm" c="dimmed">
              {t('profilePicture.profileLead')}
            </Text>
          </div>
          <Group gap="lg" wrap="nowrap">
            <ProfilePicture company={company} employee={employee} size={84} />
            <div style={{ minWidth: 0 }}>
              <Text fw={560}>{employee.name}</Text>
              <Text size="sm" c="dimmed">
                {[employee.department, employee.code].filter(Boolean).join(', ')}
              </Text>
            </div>
          </Group>
          <TextInput
            label={t('phone.label')}
            description={t('phone.hint')}
            type="tel"
            autoComplete="tel"
            {...form.getInputProps('phone')}
          />
          {save.error && asProblem(save.error).code !== 'invalid' && <Failed error={save.error} />}
          <Button type="submit" loading={save.isPending} disabled={!form.isDirty()} style={{ alignSelf: 'flex-start' }}>
            {t('app.save')}
          </Button>
        </Stack>
      </form>
    </Paper>
  )
}
