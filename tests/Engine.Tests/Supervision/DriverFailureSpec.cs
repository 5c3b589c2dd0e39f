using Actors.Engine.Configuration;
using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Akka.Configuration;
using Xunit;

namespace Actors.Engine.Tests.Supervision;

/// <summary>
/// A real driver that throws in the middle of work, against its contract: every command of its shard is answered, what
/// was acknowledged is in the files and nothing is there out of order, the other shard notices nothing, and the files
/// can be opened and written again.
/// </summary>
public sealed class DriverFailureSpec
{
    private const int Messages = 60;
    private const int Files = 6;

    public static TheoryData<string, DriverCall, bool> Failures
    {
        get
        {
            var data = new TheoryData<string, DriverCall, bool>();
            foreach (var backend in BackendProbe.Names.Except([BackendNames.SyncThread]).Append(BackendNames.Auto))
            {
                foreach (var call in Enum.GetValues<DriverCall>().Where(
                    call => call is not (DriverCall.TryCancel or DriverCall.Dispose)))
                {
                    data.Add(backend, call, false);
                    data.Add(backend, call, true);
                }
            }

            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Failures))]
    public async Task A_driver_that_throws_under_load_loses_nothing_in_silence(
        string backend, DriverCall call, bool after)
    {
        Backends.SkipUnlessAvailable(backend);
        var settings = EngineSettings.Create(Config.Empty);
        var drivers = new List<ThrowingDriver>();
        await EngineScenario.RunAsync(
            shard =>
            {
                var driver = new ThrowingDriver(Make(backend, settings));
                lock (drivers)
                {
                    drivers.Add(driver);
                }

                return shard == 0 ? driver : driver.Inner;
            },
            async scenario =>
            {
                scenario.Faults.Expect(fault => fault is InvalidDataException);
                var loads = new List<Load>();
                for (var i = 0; i < Files; i++)
                {
                    loads.Add(await Load.OpenAsync(scenario, i));
                }

                var thrown = await ArmAsync(scenario, call, after, nth: call == DriverCall.Wait ? 1 : 5);
                loads.ForEach(load => load.SendAll(Messages));
                await scenario.UntilAsync(() => loads.TrueForAll(load => load.IsAnswered), "every answer");
                await scenario.UntilAsync(
                    () => scenario.Engine.Counters.Replacements == (thrown() ? 1 : 0), "the driver replaced");
                foreach (var load in loads)
                {
                    load.Check();
                    await load.CloseAsync();
                    await scenario.UntilAsync(() => load.IsClosed, "the file closed");
                }

                await scenario.UntilNoFileIsOpenAsync();
                loads.ForEach(load => load.CheckContent());
                var client = scenario.Probe("late");
                foreach (var load in loads)
                {
                    var file = await scenario.OpenAsync(
                        client, load.Name, OpenMode.Append, new OpenOptions { Shard = load.Shard });
                    file.Append("again");
                    await file.ExpectWrittenAsync(1);
                    await file.CloseAsync();
                }
            });
    }

    private static IDriver Make(string backend, EngineSettings settings) => backend == BackendNames.Auto
        ? new InlineFirstDriver(
            DriverFactory.Create(BackendNames.ThreadPool, settings), transferMax: 16 * 1024, turnMax: 4 * 1024)
        : DriverFactory.Create(backend, settings);

    /// <summary>From here on the driver of shard 0 throws, once, at the nth such call.</summary>
    private static async Task<Func<bool>> ArmAsync(EngineScenario scenario, DriverCall at, bool after, int nth)
    {
        var left = nth;
        bool Throws(DriverCall call) => call == at && --left == 0;
        await scenario.OnShardAsync(0, shard =>
        {
            var driver = (ThrowingDriver)shard.Scheduler.Driver;
            if (after)
            {
                driver.After = Throws;
            }
            else
            {
                driver.Before = Throws;
            }

            return true;
        });
        return () => Volatile.Read(ref left) <= 0;
    }

    /// <summary>One file, what is sent to it, and what must be in it in the end.</summary>
    private sealed class Load
    {
        private readonly EngineScenario _scenario;
        private readonly AnswerLog _log;
        private readonly ClientFile _file;
        private readonly bool _positional;
        private readonly List<byte[]> _data = [];
        private int _sent;

        private Load(EngineScenario scenario, ClientFile file, string name, int shard, bool positional)
        {
            (_scenario, _file, Name, Shard, _positional) = (scenario, file, name, shard, positional);
            _log = new AnswerLog(scenario.System, name);
        }

        public string Name { get; }

        public int Shard { get; }

        public bool IsAnswered => _log.Answered >= _sent;

        public bool IsClosed { get; private set; }

        public static async Task<Load> OpenAsync(EngineScenario scenario, int i)
        {
            var shard = i < 4 ? 0 : 1;
            var options = new OpenOptions
            {
                Shard = shard,
                Coalesce = i % 4 == 1,
                Acknowledge = i % 2 == 0 ? AcknowledgeMode.Each : AcknowledgeMode.Cumulative,
                Durability = i == 3 ? Durability.DataSync : Durability.None,
            };
            var file = await scenario.OpenAsync(scenario.Probe($"opener-{i}"), $"{i}.txt", OpenMode.ReadWrite, options);
            return new Load(scenario, file, $"{i}.txt", shard, i % 4 == 2);
        }

        public void SendAll(int count)
        {
            for (var i = 0; i < count; i++)
            {
                _data.Add(Text.Pattern(100 + (i % 7), i));
                Send(new Write(_data[i], _positional ? i * 200 : Write.Append, i));
                if (i % 10 == 5)
                {
                    Send(new Read(0, new byte[50], 1000 + i));
                    Send(new Cancel(1000 + i));
                }

                if (i % 20 == 7)
                {
                    Send(new Sync(SyncScope.Data, 2000 + i));
                }
            }
        }

        public void Check()
        {
            Assert.Equal(_sent, _log.Answered);
            var failures = _log.Of<CommandFailed>().Where(failed => failed.Reason != FailureReason.Cancelled).ToList();
            if (Shard == 1)
            {
                Assert.Empty(failures);
            }

            Assert.All(failures, failed =>
            {
                Assert.Equal(FailureReason.Unexpected, failed.Reason);
                Assert.Contains("driver of the shard failed", failed.Cause, StringComparison.Ordinal);
                Assert.IsType<InvalidDataException>(failed.Exception);
            });
        }

        public async Task CloseAsync()
        {
            var answer = await _file.Ref.Ask<EngineEvent>(new Close(), EngineScenario.Patience);
            IsClosed = answer is Closed;
        }

        /// <summary>Appends: the first ones, in order, at least those that were acknowledged. Positional: each
        /// acknowledged one.</summary>
        public void CheckContent()
        {
            var content = File.ReadAllBytes(_scenario.PathOf(Name));
            if (_positional)
            {
                Assert.All(_log.Of<Written>(), written => Assert.True(content
                    .AsSpan((int)written.LastToken * 200, (int)written.Bytes)
                    .SequenceEqual(_data[(int)written.LastToken])));
                return;
            }

            byte[] all = [.. _data.SelectMany(data => data)];
            Assert.True(content.Length >= _log.Of<Written>().Sum(written => written.Bytes), "less than acknowledged");
            Assert.True(Text.AreSame(all[..content.Length], content), "out of order");
        }

        private void Send(FileCommand command)
        {
            _sent++;
            _file.Ref.Tell(command, _log);
        }
    }
}
