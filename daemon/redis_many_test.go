//go:build unix

package daemon_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"minuted/cli/demo/servers"
	"minuted/daemon"
)

// sentinels are three of them, which watch a master with a replica.
func sentinels(t *testing.T) (addresses []string, master, replica *servers.RedisServer) {
	t.Helper()
	master = startRedis(t, keeps...)
	replica = startRedis(t, append(keeps, "--replicaof", "127.0.0.1 "+strconv.Itoa(master.Port))...)
	for range 3 {
		s, err := servers.StartSentinel(shortDir(t), "team", master.Port)
		needs(t, err)
		t.Cleanup(s.Stop)
		addresses = append(addresses, at(s.Port))
	}
	for _, address := range addresses {
		client := redis.NewSentinelClient(&redis.Options{Addr: address, DisableIdentity: true})
		t.Cleanup(func() { client.Close() })
		eventually(t, "the Sentinels know each other and the replica", func() bool {
			told, err := client.Master(context.Background(), "team").Result()
			return err == nil && told["num-other-sentinels"] == "2" && told["num-slaves"] == "1"
		}, replica.Log)
	}
	return addresses, master, replica
}

// goneOn is how long a daemon may take until it works with what has taken over.
const goneOn = 30 * time.Second

// The replica has not got what the master acknowledged last, and the master dies: a
// mail was committed and filed away, its letter sent. Then the new one dies, too,
// and what was the first is master again, in a process that was there all the time.
func TestSentinelsFailOverToAReplicaThatLacksTheLastCommits(t *testing.T) {
	t.Parallel()
	addresses, master, replica := sentinels(t)
	w := onRedis(t, daemon.RedisConfig{Addresses: addresses, Master: "team"})
	for _, f := range w.daemon.Check(t.Context()) {
		if f.What == "redis" && (!f.Good || !strings.Contains(f.Text, "A failover can lose")) {
			t.Errorf("check says %v %s, want what a failover may lose", f.Good, f.Text)
		}
	}
	w.deliver(w.write("shaun", topic(1)))
	if n := told(t, admin(t, master.Port), "WAIT", "1", "20000"); n != int64(1) {
		t.Fatalf("%v replicas have what was written", n)
	}
	replica.Pause()
	w.deliver(w.write("shaun", topic(2)))
	w.imap.Break(servers.Fault{At: "MOVE", Do: servers.Refuse, Text: "not now"})
	w.arrive(w.write("shaun", topic(3)))
	w.daemon.Once(t.Context()) // it says that it could not file the mail away
	w.imap.Mend()
	if n := len(w.smtp.Sent()); n != 3 {
		t.Fatalf("%d letters left, want 3", n)
	}
	master.Kill()
	replica.Resume()
	w.arrive(w.write("kostas", topic(4)))
	w.goesOn(goneOn)
	w.recover()
	w.wantTopics(4)

	if err := master.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the first is a replica of the second", func() bool {
		return strings.Contains(told(t, admin(t, master.Port), "INFO", "replication").(string), "master_link_status:up")
	}, master.Log)
	w.arrive(w.write("kostas", topic(5)))
	replica.Kill()
	w.goesOn(goneOn)
	w.recover()
	w.wantTopics(5)
}

// cluster is three nodes of which each has a third of the slots.
type cluster struct {
	t     *testing.T
	nodes []*servers.RedisServer
	ops   []*redis.Client
	ids   []string
}

const slots = 16384

func newCluster(t *testing.T) *cluster {
	t.Helper()
	c := &cluster{t: t}
	var buses []int
	for n := range 3 {
		node, bus, err := servers.StartClusterNode(shortDir(t), keeps...)
		needs(t, err)
		t.Cleanup(node.Stop)
		op := admin(t, node.Port)
		c.nodes, c.ops, buses = append(c.nodes, node), append(c.ops, op), append(buses, bus)
		c.ids = append(c.ids, told(t, op, "CLUSTER", "MYID").(string))
		told(t, op, "CLUSTER", "SET-CONFIG-EPOCH", n+1)
		told(t, op, "CLUSTER", "ADDSLOTSRANGE", n*slots/3, (n+1)*slots/3-1)
	}
	for n := 1; n < 3; n++ {
		told(t, c.ops[0], "CLUSTER", "MEET", "127.0.0.1", c.nodes[n].Port, buses[n])
	}
	c.whole()
	return c
}

// whole waits until each node thinks that the cluster is complete.
func (c *cluster) whole() {
	c.t.Helper()
	for n, op := range c.ops {
		eventually(c.t, "the cluster is complete", func() bool {
			info := told(c.t, op, "CLUSTER", "INFO").(string)
			return strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_known_nodes:3")
		}, c.nodes[n].Log)
	}
}

// home is the slot of the team, and which node has it.
func (c *cluster) home() (slot, node int) {
	slot = int(told(c.t, c.ops[0], "CLUSTER", "KEYSLOT", "minuted:{architecture}:meta").(int64))
	for n := range c.nodes {
		if slot < (n+1)*slots/3 {
			return slot, n
		}
	}
	return slot, 0
}

// move moves some keys of a slot to another node, while it is being moved.
func (c *cluster) move(slot, from, to, most int) {
	c.t.Helper()
	keys := told(c.t, c.ops[from], "CLUSTER", "GETKEYSINSLOT", slot, most).([]any)
	line := append([]any{"MIGRATE", "127.0.0.1", c.nodes[to].Port, "", 0, 20000, "KEYS"}, keys...)
	told(c.t, c.ops[from], line...)
}

func (c *cluster) config() daemon.RedisConfig {
	return daemon.RedisConfig{Addresses: []string{at(c.nodes[2].Port)}} // one is enough: it knows the others
}

func TestAClusterDoesAllThatASingleServerDoes(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	w := onRedis(t, c.config())
	if slot, node := c.home(); len(told(t, c.ops[node], "CLUSTER", "GETKEYSINSLOT", slot, 100).([]any)) < 2 {
		t.Fatalf("the team is not in slot %d", slot)
	}
	for n := 1; n <= 5; n++ {
		w.arrive(w.write("shaun", topic(n)))
	}
	w.pass()
	w.recover()
	w.wantTopics(5)
	before := w.records()
	if err := w.daemon.Rebuild(t.Context()); err != nil {
		t.Fatalf("rebuild: %v", err)
	}
	w.pass()
	w.wantTopics(5)
	for key, text := range w.records() {
		if strings.HasPrefix(key, "open item") && before[key] != text {
			t.Errorf("%s was\n%s, is\n%s", key, before[key], text)
		}
	}
	for _, f := range w.daemon.Check(t.Context()) {
		if f.What == "redis" && !f.Good {
			t.Errorf("check: %s", f.Text)
		}
	}
}

func TestAClusterMovesATeamToAnotherNode(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	w := onRedis(t, c.config())
	w.deliver(w.write("shaun", topic(1)))
	slot, from := c.home()
	to := (from + 1) % 3
	told(t, c.ops[to], "CLUSTER", "SETSLOT", slot, "IMPORTING", c.ids[from])
	told(t, c.ops[from], "CLUSTER", "SETSLOT", slot, "MIGRATING", c.ids[to])
	for n, moved := range []int{0, 2, 1000} { // keys, before the next pass: none, some, all
		if moved > 0 {
			c.move(slot, from, to, moved)
		}
		w.smtp.Break(servers.SMTPFault{At: "MAIL", Do: servers.Reply, Code: 451, Text: "later"})
		w.arrive(w.write("kostas", topic(n+2)))
		w.clock = w.clock.Add(time.Minute)
		w.daemon.Once(t.Context()) // it may be told to try again
		w.smtp.Mend()
	}
	c.move(slot, from, to, 1000) // what was written meanwhile
	for _, n := range []int{to, from, 3 - to - from} {
		told(t, c.ops[n], "CLUSTER", "SETSLOT", slot, "NODE", c.ids[to])
	}
	w.goesOn(goneOn)
	w.recover()
	w.wantTopics(4)
}

func TestAClusterThatIsNotCompleteLosesNothing(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	w := onRedis(t, c.config())
	w.deliver(w.write("shaun", topic(1)))
	_, home := c.home()
	missing := (home + 1) % 3
	c.nodes[missing].Kill()
	eventually(t, "the cluster is not complete", func() bool {
		return strings.Contains(told(t, c.ops[home], "CLUSTER", "INFO").(string), "cluster_state:fail")
	}, c.nodes[home].Log)
	w.arrive(w.write("kostas", topic(2)))
	w.wantRefused("")
	if err := c.nodes[missing].Start(); err != nil {
		t.Fatal(err)
	}
	c.whole()
	w.goesOn(goneOn)
	w.recover()
	w.wantTopics(2)
}

// A node of a cluster, named as if it were a single server.
func TestACheckTellsAClusterFromASingleServer(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	_, home := c.home()
	single := startRedis(t, keeps...)
	for name, wrong := range map[string]struct {
		config daemon.RedisConfig
		want   string
	}{
		"another node by url":         {daemon.RedisConfig{URL: "redis://" + at(c.nodes[(home+1)%3].Port) + "/0"}, "redis.addresses"},
		"a single server as Cluster":  {daemon.RedisConfig{Addresses: []string{at(single.Port)}}, "redis.url"},
		"a single server as Sentinel": {daemon.RedisConfig{Addresses: []string{at(single.Port)}, Master: "team"}, "no Sentinel knows"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, later, "")
			w.daemon.Close()
			w.config.Redis = wrong.config
			w.start()
			err := w.daemon.Once(t.Context())
			if err == nil || !strings.Contains(err.Error(), wrong.want) {
				t.Errorf("error %v, want one that names %s", err, wrong.want)
			}
			if f := w.daemon.Check(t.Context()); !slices.ContainsFunc(f, func(f daemon.Finding) bool {
				return f.What == "redis" && !f.Good && strings.Contains(f.Text, wrong.want)
			}) {
				t.Error(fmt.Sprint(f))
			}
		})
	}
}
