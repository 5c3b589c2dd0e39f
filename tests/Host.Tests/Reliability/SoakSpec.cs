using Actors.Engine;
using Actors.Engine.Configuration;
using Actors.Reliability.Soak;
using Xunit.Abstractions;

namespace Actors.Host.Tests.Reliability;

/// <summary>A few seconds of what <c>reliability soak</c> does for long: nothing unanswered, nothing wrong, nothing
/// left. Whether memory grows takes longer to see.</summary>
public sealed class SoakSpec(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [SkippableFact]
    public async Task Under_mixed_load_with_faults_every_command_is_answered_once()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "descriptors and threads are counted in /proc, which is Linux's");
        var available = BackendProbe.Probe(EngineSettings.Create(EngineSettings.ReferenceConfig), _directory.Path)
            .Where(status => status.Available).Select(status => status.Name);
        var options = new SoakOptions(
            TimeSpan.FromSeconds(5), null, Environment.TickCount & 0xffff, 120, ["auto", .. available],
            _directory.Path);
        var report = await new SoakRun(options, TextWriter.Null).RunAsync();
        var text = report.ToMarkdown();
        output.WriteLine(text);
        Assert.True(report.Held, text);
    }
}
