using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Xunit;

namespace Actors.Engine.Tests.Actors;

/// <summary>More files than may be open: the others wait their turn, and not for ever.</summary>
public sealed class OpenLimitSpec
{
    private const string AtMostTwo = "actors.engine.coordinator { open-files-max = 2, open-queue-timeout = infinite }";

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task An_open_beyond_the_limit_is_served_when_a_file_closes(string backend) => EngineScenario.RunAsync(
        backend,
        async scenario =>
        {
            var client = scenario.Probe("client");
            var first = await scenario.OpenAsync(client, "1.txt", OpenMode.Write);
            var second = await scenario.OpenAsync(client, "2.txt", OpenMode.Write);
            var third = scenario.Probe("third");
            var fourth = scenario.Probe("fourth");
            scenario.Engine.Coordinator.Tell(new Open(scenario.PathOf("3.txt"), OpenMode.Write), third);
            scenario.Engine.Coordinator.Tell(new Open(scenario.PathOf("4.txt"), OpenMode.Write), fourth);
            var metrics = await scenario.CollectAsync();
            Assert.Equal((2, 2, 2), (metrics.OpenFiles, metrics.QueuedOpens, metrics.QueuedOpensPeak));
            Assert.Equal(2, scenario.Engine.OpenFilesMax);

            await first.CloseAsync();
            var opened = await third.ExpectMsgAsync<Opened>();
            var thirdFile = new ClientFile(third.LastSender, third, opened);
            Assert.Equal(1, (await scenario.CollectAsync()).QueuedOpens);
            await second.CloseAsync();
            opened = await fourth.ExpectMsgAsync<Opened>();
            await new ClientFile(fourth.LastSender, fourth, opened).CloseAsync();
            await thirdFile.CloseAsync();
        },
        AtMostTwo);

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task An_open_that_failed_or_crashed_makes_room_too(string backend) => EngineScenario.RunAsync(
        backend,
        async scenario =>
        {
            var client = scenario.Probe("client");
            for (var i = 0; i < 10; i++)
            {
                await scenario.FailToOpenAsync(client, "missing.txt", OpenMode.Read);
                var file = await scenario.OpenAsync(client, $"{i}.txt", OpenMode.Write);
                file.Ref.Tell(PoisonPill.Instance);
            }

            var last = await scenario.OpenAsync(client, "last.txt", OpenMode.Write);
            await last.CloseAsync();
        },
        AtMostTwo);

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Many_more_files_than_the_limit_all_have_their_turn(string backend) => EngineScenario.RunAsync(
        backend,
        async scenario =>
        {
            var clients = Enumerable.Range(0, 30).Select(i => scenario.Probe($"client-{i}")).ToArray();
            for (var i = 0; i < clients.Length; i++)
            {
                scenario.Engine.Coordinator.Tell(new Open(scenario.PathOf($"{i}.txt"), OpenMode.Write), clients[i]);
            }

            await Task.WhenAll(clients.Select(async client =>
            {
                var opened = await client.ExpectMsgAsync<Opened>();
                await new ClientFile(client.LastSender, client, opened).CloseAsync();
            }));
            Assert.Equal(28, (await scenario.CollectAsync()).QueuedOpensPeak);
            Assert.Equal(30, Directory.GetFiles(scenario.Directory).Length);
        },
        AtMostTwo);

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task An_open_that_waited_too_long_is_refused_and_the_others_go_on_waiting(string backend) =>
        EngineScenario.RunAsync(
            backend,
            async scenario =>
            {
                var client = scenario.Probe("client");
                var first = await scenario.OpenAsync(client, "1.txt", OpenMode.Write);
                var second = await scenario.OpenAsync(client, "2.txt", OpenMode.Write);
                for (var round = 0; round < 2; round++)
                {
                    var failed = await scenario.FailToOpenAsync(client, "3.txt", OpenMode.Write);
                    Assert.Equal(FailureReason.TooManyOpenFiles, failed.Reason);
                    Assert.Contains("open-queue-timeout", failed.Cause, StringComparison.Ordinal);
                }

                Assert.Equal(0, (await scenario.CollectAsync()).QueuedOpens);
                Assert.False(File.Exists(scenario.PathOf("3.txt")));
                await first.CloseAsync();
                await (await scenario.OpenAsync(client, "3.txt", OpenMode.Write)).CloseAsync();
                await second.CloseAsync();
            },
            "actors.engine.coordinator { open-files-max = 2, open-queue-timeout = 30ms }");
}
