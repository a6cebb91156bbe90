import { Alert, Anchor, Avatar, Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconChevronLeft, IconPencil, IconUserQuestion } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { asProblem } from '../api/problem'
import type { Employee } from '../api/shapes'
import { dateAndTime } from '../clock/clock'
import { consentKey, stateWord } from '../consent/consent'
import { ConsentCard } from '../consent/consent-card'
import { DownloadCard } from '../consent/download-card'
import { MonthView } from '../days/month-view'
import { problemText } from '../locale/problem-text'
import { useMe } from '../session/use-session'
import { useTabTitle } from '../shell/page-title'
import { Empty, Failed, Rows } from '../shell/states'
import { EmployeeForm } from './employee-form'
import { employeeKey, employeesKey, facesKey, useEmployee } from './employees'
import { FacesCard } from './faces-card'
import { SignInCard } from './sign-in-card'
import { PinCard } from './pin-card'

const route = getRouteApi('/frame/admin/employees/$username')

export function EmployeePage() {
  const { t } = useTranslation()
  const { username } = route.useParams()
  const { company, time_zone: zone } = useMe()
  const answer = useEmployee(company, username)
  useTabTitle(answer.data?.name ?? '')
  if (answer.error && asProblem(answer.error).code === 'not_found')
    return (
      <Empty icon={IconUserQuestion} title={t('employees.unknown')} hint={t('page.notFoundHint')}>
        <Button component={Link} to="/employees">
          {t('employees.back')}
        </Button>
      </Empty>
    )
  return (
    <>
      <Anchor component={Link} to="/employees" size="sm" style={{ alignSelf: 'flex-start' }}>
        <Group gap={4} component="span">
          <IconChevronLeft size={16} /> {t('employees.back')}
        </Group>
      </Anchor>
      {answer.isPending && <Rows count={6} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && (
        <>
          <Header employee={answer.data} zone={zone} />
          <ConsentCard company={company} employee={answer.data} zone={zone} />
          <FacesCard company={company} employee={answer.data} zone={zone} />
          <PinCard company={company} employee={answer.data} zone={zone} />
          <Title order={2}>{t('days.title')}</Title>
          <MonthView company={company} username={username} zone={zone} decisions />
          <SignInCard company={company} employee={answer.data} />
          <DownloadCard company={company} username={username} name={answer.data.name} />
        </>
      )}
    </>
  )
}

function Header({ employee, zone }: { employee: Employee; zone: string }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const queries = useQueryClient()
  const [editing, edit] = useDisclosure()
  const toggle = useMutation({
    mutationFn: () =>
      ok(
        api.PATCH('/api/v1/companies/{company}/employees/{username}', {
          params: { path: { company, username: employee.username } },
          body: { active: !employee.active, version: employee.version },
        }),
      ),
    onSuccess: (saved) => {
      queries.setQueryData(employeeKey(company, saved.username), saved)
      void queries.invalidateQueries({ queryKey: employeesKey(company) })
      // Deactivation removes faces, and schedules the end of pictures.
      void queries.invalidateQueries({ queryKey: consentKey(company, saved.username) })
      void queries.invalidateQueries({ queryKey: facesKey(company, saved.username) })
      notifications.show({
        message: t(saved.active ? 'employees.activated' : 'employees.deactivated', { name: saved.name }),
        color: 'pine',
      })
    },
  })
  const facts = [employee.username, employee.department, employee.code, employee.email].filter(Boolean)
  return (
    <Paper p={{ base: 'md', sm: 'lg' }}>
      <Stack>
        <Group justify="space-between" gap="md">
          <Group wrap="nowrap">
            <Avatar name={employee.name} color={employee.active ? 'pine' : 'gray'} size={60} aria-hidden />
            <div>
              <Group gap="sm">
                <Title order={1}>{employee.name}</Title>
                {!employee.active && (
                  <Badge color="gray" variant="light" tt="none">
                    {t('employees.inactive')}
                  </Badge>
                )}
              </Group>
              <Text c="dimmed" size="sm">
                {facts.join(', ')}
              </Text>
              <Text c="dimmed" size="xs">
                {t('employees.since', { when: dateAndTime(employee.created_at, zone) })}
                {`, ${t(`consent.${stateWord(employee.consent)}`).toLowerCase()}`}
              </Text>
            </div>
          </Group>
          <Group gap="xs">
            <Button variant="default" leftSection={<IconPencil size={18} />} onClick={edit.open}>
              {t('employees.edit')}
            </Button>
            <Button variant="default" loading={toggle.isPending} onClick={() => toggle.mutate()}>
              {t(employee.active ? 'employees.deactivate' : 'employees.activate')}
            </Button>
          </Group>
        </Group>
        {!employee.active && <Alert color="gray">{t('employees.inactiveHint')}</Alert>}
        {toggle.error && (
          <Alert color="red" role="alert">
            {problemText(toggle.error)}
          </Alert>
        )}
      </Stack>
      <EmployeeForm opened={editing} onClose={edit.close} employee={employee} />
    </Paper>
  )
}
