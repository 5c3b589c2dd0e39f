using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Actors;

/// <summary>What a writer answers when the kernel says no: how much was done, and what comes after.</summary>
public sealed class WriterFailureSpec
{
    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task A_full_device_fails_the_write_and_the_file_goes_on(string backend)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "/dev/full is a Linux device");
        return EngineScenario.RunAsync(backend, async scenario =>
        {
            var client = scenario.Probe("client");
            scenario.Engine.Coordinator.Tell(new Open("/dev/full", OpenMode.Write), client);
            var file = new ClientFile(null!, client, await client.ExpectMsgAsync<Opened>());
            file = file with { Ref = client.LastSender };
            for (var i = 0; i < 3; i++)
            {
                var write = new Write(Text.Bytes("no room"), Write.Append, i);
                file.Tell(write);
                var failed = await file.ExpectFailureAsync(FailureReason.NoSpace, write);
                Assert.Equal((0L, Errno.ENOSPC), (failed.BytesDone, failed.Errno));
            }

            await file.CloseAsync();
        });
    }

    [Fact]
    public async Task Of_a_gathered_write_that_stops_half_way_whole_commands_succeed()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var file = await OpenAndGatherAsync(scenario, driver, "aaaa", "bbbb", "cccc");

            // Ten of the twelve bytes get to the file, then the device is full.
            driver.Result = FailAfter(10, Errno.ENOSPC);
            driver.ReleaseAll();
            Assert.Equal(new Written(1, 0, 5), await file.ExpectAsync<Written>());
            Assert.Equal(new Written(2, 2, 8), await file.ExpectAsync<Written>());
            var failed = await file.ExpectFailureAsync(FailureReason.NoSpace);
            Assert.Equal((3L, 2L), (((Write)failed.Command).Token, failed.BytesDone));

            // The next append continues where the failed one stopped.
            driver.Result = _ => null;
            file.Append("next", 4);
            await file.ExpectWrittenAsync(1);
            await file.CloseAsync();
            Assert.Equal("firstaaaabbbbccnext", scenario.ContentOf("a.txt"));
        });
    }

    [Fact]
    public async Task What_was_written_inline_counts_when_the_rest_fails()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write);

            // Three bytes on the shard's thread; the driver behind that finds the device full.
            driver.Inline = operation => operation.Done == 0 ? 3 : null;
            driver.Result = operation => operation.Kind == IoKind.Write ? -Errno.ENOSPC : null;
            file.Append("abcdef", 1);
            Assert.Equal(3, (await file.ExpectFailureAsync(FailureReason.NoSpace)).BytesDone);
            driver.Result = _ => null;
            file.Append("next", 2);
            await file.ExpectWrittenAsync(1);
            await file.CloseAsync();
            Assert.Equal("abcnext", scenario.ContentOf("a.txt"));
        });
    }

    [Fact]
    public async Task With_durability_a_write_is_not_answered_as_done_before_its_sync()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var file = await OpenAndGatherAsync(scenario, driver, Durability.DataSync, "aaaa", "bbbb");
            driver.Result = FailAfter(4, Errno.ENOSPC);
            driver.ReleaseAll();
            await file.ExpectWrittenAsync(1);

            // The first of the two is in the file, but nothing has made it durable.
            var first = await file.ExpectFailureAsync(FailureReason.NoSpace);
            Assert.Equal((1L, 4L), (((Write)first.Command).Token, first.BytesDone));
            var second = await file.ExpectFailureAsync(FailureReason.NoSpace);
            Assert.Equal((2L, 0L), (((Write)second.Command).Token, second.BytesDone));
            await file.CloseAsync();
        });
    }

    /// <summary>The kernel reports a failed sync once for a file, and forgets the data of all writes before it.</summary>
    [Fact]
    public async Task When_one_durable_write_cannot_be_synced_none_beside_it_counts_as_durable()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            scenario.Faults.Expect(fault => fault is Akka.Event.Error);
            var options = new OpenOptions { Durability = Durability.DataSync, Acknowledge = AcknowledgeMode.Each };
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write, options);
            driver.Script = operation => operation.Kind == IoKind.DataSync ? Play.Hold : Play.Perform;
            for (var i = 0; i < 3; i++)
            {
                file.WriteAt(4 * i, "data", i);
                await scenario.SettleAsync(file);
            }

            await scenario.UntilAsync(() => driver.HeldCount == 1, "one sync, however many writes wait for one");
            driver.ReleaseOldest(-Errno.EIO);
            for (var i = 0; i < 3; i++)
            {
                var failed = await file.ExpectFailureAsync(FailureReason.SyncFailed);
                Assert.Equal((i, 4L), (((Write)failed.Command).Token, failed.BytesDone));
            }

            Assert.Single(driver.Submitted, kind => kind == IoKind.DataSync);
            await file.CloseAsync();
        });
    }

    [Fact]
    public async Task A_cancel_does_not_take_back_a_sync_that_is_for_others_too()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var options = new OpenOptions { Durability = Durability.DataSync, Acknowledge = AcknowledgeMode.Each };
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write, options);
            driver.Script = operation => operation.Kind == IoKind.DataSync ? Play.Hold : Play.Perform;
            for (var i = 0; i < 3; i++)
            {
                file.WriteAt(4 * i, "data", i);
                await scenario.SettleAsync(file);
                await scenario.UntilAsync(() => driver.Submitted.Count(kind => kind == IoKind.Write) == i + 1);
            }

            // The first was synced alone; its end brings the sync of the other two.
            await scenario.UntilAsync(() => driver.HeldCount == 1);
            driver.ReleaseOldest();
            await file.ExpectWrittenAsync(1);
            await scenario.UntilAsync(() => driver.HeldCount == 1);
            file.Tell(new Cancel(1));
            Assert.Equal(CancelOutcome.InFlight, (await file.ExpectAsync<Cancelled>()).Outcome);
            driver.ReleaseAll();
            await file.ExpectWrittenAsync(2);
            Assert.Empty(driver.Cancelled);
            await file.CloseAsync();
        });
    }

    [Fact]
    public async Task Writes_that_were_performed_while_one_is_synced_share_the_next_sync()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var options = new OpenOptions
            {
                Durability = Durability.DataSync, Acknowledge = AcknowledgeMode.Each, Coalesce = false,
            };
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write, options);
            driver.Script = operation => operation.Kind == IoKind.DataSync ? Play.Hold : Play.Perform;
            for (var i = 0; i < 4; i++)
            {
                file.WriteAt(4 * i, "data", i);
            }

            await scenario.SettleAsync(file);
            await scenario.UntilAsync(() => driver.Submitted.Count(kind => kind == IoKind.Write) == 4, "all written");
            await scenario.UntilAsync(() => driver.HeldCount == 1, "one sync");
            driver.ReleaseAll();
            await file.ExpectWrittenAsync(4);
            Assert.InRange(driver.Submitted.Count(kind => kind == IoKind.DataSync), 1, 2);
            await file.CloseAsync();
        });
    }

    [Fact]
    public async Task After_a_failed_positional_write_appends_go_to_the_real_end()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(client, "a.txt", OpenMode.Write);
            file.Append("start");
            await file.ExpectWrittenAsync(1);
            driver.Result = operation => operation.Kind == IoKind.Write ? -Errno.EIO : null;
            file.WriteAt(1000, "lost");
            await file.ExpectFailureAsync(FailureReason.IoError);
            driver.Result = _ => null;
            file.Append("end");
            await file.ExpectWrittenAsync(1);
            await file.CloseAsync();
            Assert.Equal("startend", scenario.ContentOf("a.txt"));
        });
    }

    [Theory]
    [InlineData(SyncScope.Data)]
    [InlineData(SyncScope.All)]
    public async Task A_failed_sync_poisons_the_file(SyncScope scope)
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            scenario.Faults.Expect(fault => fault is Akka.Event.Error);
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(client, "a.txt", OpenMode.ReadWrite);
            file.Append("12345");
            file.Tell(new Sync(scope));
            await file.ExpectWrittenAsync(1);
            await file.ExpectAsync<Synced>();
            file.Append("678");
            await file.ExpectWrittenAsync(1);
            driver.Result = operation => operation.Kind is IoKind.Sync or IoKind.DataSync ? -Errno.EIO : null;
            driver.Script = _ => Play.Hold;
            var sync = new Sync(scope);
            var behind = new Write(Text.Bytes("behind"));
            file.Tell(sync);
            file.Tell(behind);
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the sync in the kernel");
            await scenario.SettleAsync(file);
            driver.ReleaseOldest(-Errno.EIO);

            // The extent since the last good sync is told.
            var answers = new List<CommandFailed>
            {
                await client.ExpectMsgAsync<CommandFailed>(), await client.ExpectMsgAsync<CommandFailed>(),
            };
            Assert.All(answers, failed => Assert.Equal(FailureReason.SyncFailed, failed.Reason));
            Assert.Equal<EngineCommand>([behind, sync], answers.Select(failed => failed.Command).Order(ByName));
            Assert.Contains(answers, failed => failed.Cause.Contains("bytes 5 to 8", StringComparison.Ordinal));

            // No retry helps, not even when the kernel would say yes now.
            driver.ReleaseAll();
            driver.Result = _ => null;
            foreach (var command in new FileCommand[]
                     {
                         new Sync(scope), new Write(Text.Bytes("x")), new Read(0, new byte[1]), new Truncate(0),
                     })
            {
                file.Tell(command);
                await file.ExpectFailureAsync(FailureReason.SyncFailed, command);
            }

            await file.CloseAsync();
        });
    }

    [Fact]
    public async Task A_failed_sync_of_a_durable_write_poisons_the_file()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            scenario.Faults.Expect(fault => fault is Akka.Event.Error);
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(
                client, "a.txt", OpenMode.Write, new OpenOptions { Durability = Durability.Sync });
            driver.Result = operation => operation.Kind == IoKind.Sync ? -Errno.EIO : null;
            file.Append("doomed");
            var failed = await file.ExpectFailureAsync(FailureReason.SyncFailed);
            Assert.Equal(6, failed.BytesDone);
            driver.Result = _ => null;
            file.Append("later");
            await file.ExpectFailureAsync(FailureReason.SyncFailed);
            await file.CloseAsync();
        });
    }

    [Fact]
    public async Task An_error_of_close_is_the_answer_to_close()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(client, "a.txt", OpenMode.Write);

            // The descriptor is closed all the same, as close(2) has it; here a second close does that.
            driver.Result = operation =>
            {
                if (operation.Kind == IoKind.Close)
                {
                    Engine.Drivers.Blocking.BlockingCalls.Platform.Perform(operation);
                    return -Errno.EIO;
                }

                return null;
            };
            var close = new Close();
            file.Tell(close);
            await file.ExpectFailureAsync(FailureReason.IoError, close);
            client.Watch(file.Ref);
            await client.ExpectTerminatedAsync(file.Ref);
        });
    }

    [Fact]
    public async Task A_write_that_takes_too_long_is_answered_and_its_memory_kept_until_it_is_back()
    {
        var driver = new ScriptedDriver { CanCancel = false };
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(
                client, "a.txt", OpenMode.Write, new OpenOptions { OperationTimeout = TimeSpan.FromMilliseconds(20) });
            driver.Script = _ => Play.Hold;
            var stuck = new Write(Text.Bytes("stuck"));
            var behind = new Write(Text.Bytes("behind"));
            file.Tell(stuck);
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the write in the kernel");
            file.Tell(behind);
            await file.ExpectFailureAsync(FailureReason.TimedOut, stuck);
            await file.ExpectFailureAsync(FailureReason.TimedOut, behind);
            var close = new Close();
            client.Watch(file.Ref);
            file.Tell(close);
            await file.ExpectFailureAsync(FailureReason.TimedOut, close);
            await client.ExpectTerminatedAsync(file.Ref);

            var buffers = scenario.Engine.Shards[0].Buffers;
            Assert.Equal(1, buffers.Leased);
            Assert.Single(scenario.Engine.Writers);
            driver.ReleaseAll();
            await scenario.UntilAsync(() => buffers.Leased == 0 && scenario.Engine.Writers.IsEmpty, "all given back");
        });
    }

    [Fact]
    public async Task Behind_a_sync_that_takes_too_long_what_is_written_and_waits_for_the_next_one_is_answered_too()
    {
        var driver = new ScriptedDriver { CanCancel = false };
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(
                client, "a.txt", OpenMode.Write, new OpenOptions
                {
                    Durability = Durability.DataSync, OperationTimeout = TimeSpan.FromMilliseconds(300),
                });
            driver.Script = operation => operation.Kind == IoKind.DataSync ? Play.Hold : Play.Perform;
            var first = new Write(Text.Bytes("first "), 0);
            var second = new Write(Text.Bytes("second"), 6);
            file.Tell(first);
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the sync in the kernel");
            file.Tell(second);
            await scenario.UntilAsync(() => scenario.ContentOf("a.txt") == "first second", "both in the file");
            await file.ExpectFailureAsync(FailureReason.TimedOut, first);
            await file.ExpectFailureAsync(FailureReason.TimedOut, second);
            driver.ReleaseAll();
            file.Tell(new Close());
            await file.ExpectFailureAsync(FailureReason.TimedOut);
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Memory_that_cannot_be_reached_fails_its_own_command_and_no_other(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(client, "a.txt", OpenMode.ReadWrite);
            using var gone = new GoneMemory();
            var write = new Write(gone.Memory);
            file.Tell(write);
            await file.ExpectFailureAsync(FailureReason.InvalidArgument, write);
            var large = new Write(new GoneMemory(100_000).Memory, 5);
            file.Tell(large);
            await file.ExpectFailureAsync(FailureReason.InvalidArgument, large);
            var read = new Read(0, gone.Memory);
            file.Tell(read);
            await file.ExpectFailureAsync(FailureReason.InvalidArgument, read);
            file.Append("on");
            await file.ExpectWrittenAsync(1);
            await file.CloseAsync();
            Assert.Equal("on", scenario.ContentOf("a.txt"));
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Memory_whose_owner_throws_when_it_comes_back_has_done_its_work(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            const int Large = 300_000;
            using var memory = new UnpinThrows(Large);
            await using var file = await scenario.Engine.OpenAsync(scenario.PathOf("a.txt"), OpenMode.ReadWrite);
            var first = file.AppendAsync(memory.Memory).AsTask();
            var second = file.AppendAsync(Text.Bytes("behind")).AsTask();
            await Task.WhenAll(first, second);
            Assert.Equal(Large, await file.ReadAsync(0, memory.Memory));
            await file.AppendAsync(Text.Bytes("last"));
            Assert.Equal(Large + 10, new FileInfo(file.Path).Length);
        });

    [Fact]
    public async Task Memory_that_cannot_be_reached_costs_those_gathered_beside_it_nothing()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var file = await OpenAndGatherAsync(scenario, driver, "before");
            using var gone = new GoneMemory();
            var lost = new Write(gone.Memory, Write.Append, 2);
            file.Tell(lost);
            file.Append("behind", 3);
            await scenario.SettleAsync(file);
            driver.ReleaseAll();
            driver.Script = _ => Play.Perform;
            Assert.Equal(2, ((Write)(await file.ExpectFailureAsync(FailureReason.InvalidArgument)).Command).Token);
            await file.ExpectWrittenAsync(3);
            await file.CloseAsync();
            Assert.Equal("firstbeforebehind", scenario.ContentOf("a.txt"));
        });
    }

    private static Comparer<EngineCommand> ByName { get; } =
        Comparer<EngineCommand>.Create((a, b) => StringComparer.Ordinal.Compare(b.GetType().Name, a.GetType().Name));

    /// <summary>Of the next write so many bytes go through; then every attempt fails.</summary>
    private static Func<IoOperation, long?> FailAfter(long bytes, int errno) => operation =>
    {
        if (operation.Kind != IoKind.Write)
        {
            return null;
        }

        return operation.Done == 0 && operation.Length > bytes ? bytes : -errno;
    };

    private static Task<ClientFile> OpenAndGatherAsync(
        EngineScenario scenario, ScriptedDriver driver, params string[] gathered) =>
        OpenAndGatherAsync(scenario, driver, Durability.None, gathered);

    /// <summary>A file with "first", token 0, in the kernel, and behind it what will be one kernel write.</summary>
    private static async Task<ClientFile> OpenAndGatherAsync(
        EngineScenario scenario, ScriptedDriver driver, Durability durability, params string[] gathered)
    {
        var client = scenario.Probe("client");
        var options = new OpenOptions { Coalesce = true, Durability = durability };
        var file = await scenario.OpenAsync(client, "a.txt", OpenMode.Write, options);
        driver.Script = _ => Play.Hold;
        file.Append("first", 0);
        await scenario.UntilAsync(() => driver.HeldCount == 1, "the first write in the kernel");
        for (var i = 0; i < gathered.Length; i++)
        {
            file.Append(gathered[i], i + 1);
        }

        await scenario.SettleAsync(file);
        return file;
    }
}
