import { Alert, Anchor, Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconChevronLeft, IconPencil, IconUserQuestion } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { asProblem } from '../api/problem'
import type { Employee } from '../api/shapes'
import { dateAndTime } from '../clock/clock'
import { consentKey, stateWord } from '../consent/consent'
import { ConsentCard } from '../consent/consent-card'
import { DownloadCard } from '../consent/download-card'
import { MonthView } from '../days/month-view'
import { OptionalCard } from '../events/optional-card'
import { PersonLeave } from '../leave/person-leave'
import { problemText } from '../locale/problem-text'
import { ProfilePicture } from '../people/profile-picture'
import { useMe } from '../session/use-session'
import { useTabTitle } from '../shell/page-title'
import { Empty, Failed, Rows } from '../shell/states'
import { EmployeeForm } from './employee-form'
import { employeeKey, employeesKey, facesKey, useEmployee } from './employees'
import { FacesCard } from './faces-card'
import { SignInCard } from './sign-in-card'
import { PinCard } from './pin-card'
import { RoleBadge } from './role-badge'
import { TeamCard } from './team-card'

const route = getRouteApi('/frame/employees/$username')

export function EmployeePage() {
  const { t } = useTranslation()
  const { username } = route.useParams()
  const { month } = route.useSearch()
  const navigate = route.useNavigate()
  const { company, role, time_zone: zone } = useMe()
  const mayChange = role === 'admin'
  const back = role === 'manager' ? ({ to: '/team', text: t('roles.myTeam') } as const) : ({ to: '/employees', text: t('employees.back') } as const)
  const answer = useEmployee(company, username)
  const attends = answer.data?.role !== 'auditor'
  useTabTitle(answer.data?.name ?? '')
  if (answer.error && asProblem(answer.error).code === 'not_found')
    return (
      <Empty icon={IconUserQuestion} title={t('employees.unknown')} hint={t('page.notFoundHint')}>
        <Button component={Link} to={back.to}>
          {back.text}
        </Button>
      </Empty>
    )
  if (answer.error && asProblem(answer.error).code === 'forbidden')
    return (
      <Empty icon={IconUserQuestion} title={t('roles.notMine')} hint={t('roles.notMineHint')}>
        <Button component={Link} to={back.to}>
          {back.text}
        </Button>
      </Empty>
    )
  return (
    <>
      <Anchor component={Link} to={back.to} size="sm" style={{ alignSelf: 'flex-start' }}>
        <Group gap={4} component="span">
          <IconChevronLeft size={16} /> {back.text}
        </Group>
      </Anchor>
      {answer.isPending && <Rows count={6} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && (
        <Fragment key={username}>
          <Header employee={answer.data} zone={zone} />
          {role !== 'manager' && <TeamCard company={company} employee={answer.data} />}
          {mayChange && attends && <ConsentCard company={company} employee={answer.data} zone={zone} />}
          {mayChange && attends && <FacesCard company={company} employee={answer.data} zone={zone} />}
          {mayChange && attends && <PinCard company={company} employee={answer.data} zone={zone} />}
          <Title order={2}>{t('days.title')}</Title>
          <MonthView
            company={company}
            username={username}
            zone={zone}
            decisions={role !== 'manager'}
            month={month}
            onMonth={(next) => void navigate({ search: { month: next }, replace: true })}
            {...(mayChange && { correct: 'edit' })}
          />
          {attends && <PersonLeave company={company} employee={answer.data} />}
          {attends && <OptionalCard username={username} />}
          {mayChange && <SignInCard company={company} employee={answer.data} />}
          {mayChange && <DownloadCard company={company} username={username} name={answer.data.name} />}
        </Fragment>
      )}
    </>
  )
}

function Header({ employee, zone }: { employee: Employee; zone: string }) {
  const { t } = useTranslation()
  const { company, role } = useMe()
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
  const facts = [employee.username, employee.department, employee.code, employee.email, employee.phone].filter(Boolean)
  return (
    <Paper p={{ base: 'md', sm: 'lg' }}>
      <Stack>
        <Group justify="space-between" gap="md">
          <Group wrap="nowrap" gap="lg">
            <ProfilePicture company={company} employee={employee} size={72} />
            <div>
              <Group gap="sm">
                <Title order={1}>{employee.name}</Title>
                <RoleBadge role={employee.role} />
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
                {employee.manager_active && `, ${t('roles.reportsTo', { name: employee.manager_name ?? '' })}`}
              </Text>
            </div>
          </Group>
          {role === 'admin' && (
            <Group gap="xs">
              <Button variant="default" leftSection={<IconPencil size={18} />} onClick={edit.open}>
                {t('employees.edit')}
              </Button>
              <Button variant="default" loading={toggle.isPending} onClick={() => toggle.mutate()}>
                {t(employee.active ? 'employees.deactivate' : 'employees.activate')}
              </Button>
            </Group>
          )}
        </Group>
        {!employee.active && <Alert color="gray">{t('employees.inactiveHint')}</Alert>}
        {employee.role === 'auditor' && (
          <Text size="sm" c="dimmed">
            {t('roles.noAttendance')}
          </Text>
        )}
        {employee.manager && !employee.manager_active && (
          <Alert color="marigold" title={t('roles.lost')} data-testid="lost-manager-hint">
            {t('roles.lostHint', { manager: employee.manager_name ?? employee.manager, name: employee.name })}
          </Alert>
        )}
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
