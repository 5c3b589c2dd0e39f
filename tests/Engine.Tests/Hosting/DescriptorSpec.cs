using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Hosting;

/// <summary>Tests that count what belongs to the whole process; alone, after the others.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public sealed class WholeProcess;

/// <summary>An engine that has stopped leaves no descriptor behind, of its files or of its drivers.</summary>
[Collection(nameof(WholeProcess))]
public sealed class DescriptorSpec
{
    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public async Task A_stopped_engine_has_given_every_descriptor_back(string backend)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "descriptors are counted in /proc");
        await PlayAsync(backend);
        var before = OpenDescriptors.Count();
        for (var i = 0; i < 3; i++)
        {
            await PlayAsync(backend);
        }

        Assert.True(
            SpinWait.SpinUntil(() => OpenDescriptors.Count() <= before, EngineScenario.Patience),
            $"{before} descriptors before, {OpenDescriptors.Count()} after");
    }

    private static Task PlayAsync(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        var client = scenario.Probe("client");
        for (var i = 0; i < 4; i++)
        {
            var file = await scenario.OpenAsync(client, $"{i}.txt", OpenMode.ReadWrite);
            file.Append("content");
            await file.ExpectWrittenAsync(1);
            await file.CloseAsync();
        }
    });
}
