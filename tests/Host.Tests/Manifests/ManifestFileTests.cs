using Actors.Host.Manifests;
using Actors.Host.Scenarios;

namespace Actors.Host.Tests.Manifests;

public sealed class ManifestFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_was_saved_is_what_is_loaded()
    {
        var lines = new PhaseSettings("write", PhaseOperation.Write, PhaseUnit.Line, 10, "{line} \"ä\"", true, false);
        var blocks = new PhaseSettings("mixed", PhaseOperation.Mixed, PhaseUnit.Block, 64, null, false, true)
        {
            BlockSize = 4096,
            Pattern = AccessPattern.Random,
            InFlight = 8,
            Direct = true,
            ReadPercent = 70,
            Duration = TimeSpan.FromSeconds(90.5),
            Warmup = TimeSpan.Zero,
            SyncEvery = 3,
        };
        PhaseManifest[] phases = [new(RunState.Done, lines), new(RunState.Interrupted, blocks)];
        var backend = new BackendManifest("sync", "s", new FileSet("{file}.txt", 2), -7, phases, [new("old{file}", 9)]);
        var saved = new RunManifest(
            RunManifest.CurrentSchema, "s", "s.conf", DateTimeOffset.UtcNow, RunState.Running, [backend]);

        ManifestFile.Save(_directory.Path, saved);
        var loaded = ManifestFile.Load(_directory.Path)!;

        Assert.Equal(saved, loaded with { Backends = saved.Backends });
        var one = Assert.Single(loaded.Backends);
        Assert.Equal(backend, one with { Phases = backend.Phases, Earlier = backend.Earlier });
        Assert.Equal(backend.Phases, one.Phases);
        Assert.Equal(backend.Earlier, one.Earlier);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{ "schema": "actors.run/1" }""")]
    [InlineData("""
        { "schema": "actors.run/1", "scenario": "s", "scenarioFile": "f", "started": "2026-01-01T00:00:00+00:00",
          "state": "17", "backends": [] }
        """)]
    public void What_is_no_manifest_is_refused_by_its_path(string text)
    {
        var path = _directory.Write(ManifestFile.Name, text);

        var refused = Assert.Throws<InvalidDataException>(() => ManifestFile.Load(_directory.Path));

        Assert.Contains(path, refused.Message);
    }
}
