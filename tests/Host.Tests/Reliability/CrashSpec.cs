using Actors.Engine;
using Actors.Engine.Configuration;
using Actors.Reliability.Crash;
using Xunit.Abstractions;

namespace Actors.Host.Tests.Reliability;

/// <summary>A few of the kills that <c>reliability crash</c> does by the hundred.</summary>
public sealed class CrashSpec(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [SkippableFact]
    public async Task What_was_acknowledged_as_durable_survives_kills()
    {
        Skip.If(OperatingSystem.IsWindows(), "SIGKILL is a signal, which Windows does not have");
        var available = BackendProbe.Probe(EngineSettings.Create(EngineSettings.ReferenceConfig), _directory.Path)
            .Where(status => status.Available).Select(status => status.Name);
        var options = new CrashOptions(
            10, Environment.TickCount, ["auto", .. available], TimeSpan.FromMilliseconds(300), false, _directory.Path);
        var report = await new CrashRun(options, TextWriter.Null).RunAsync();
        var text = report.ToMarkdown();
        output.WriteLine(text);
        Assert.True(report.Held, text);
    }
}
