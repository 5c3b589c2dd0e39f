using Actors.Host.Content;
using Actors.Host.Running;
using Actors.Host.Scenarios;
using Actors.Host.Verification;
using Akka.Configuration;

namespace Actors.Host.Tests.Running;

/// <summary>A single phase on an engine, with files that no phase made.</summary>
public sealed class PhaseRunTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_block_that_is_read_and_is_not_what_it_must_be_is_told()
    {
        var content = new BlockContent(512, 20, seed: 3);
        var bytes = new byte[20 * 512];
        for (var i = 0; i < 20; i++)
        {
            content.Fill(0, i, bytes.AsSpan(i * 512, 512));
        }

        bytes.AsSpan(3 * 512, 512).CopyTo(bytes.AsSpan(11 * 512));
        await File.WriteAllBytesAsync(_directory["0.bin"], bytes);
        var settings = new PhaseSettings("read", PhaseOperation.Read, PhaseUnit.Block, 20, null, false, true)
        {
            BlockSize = 512,
            InFlight = 4,
        };
        var names = FileNameRule.Parse("{file}.bin", 1);
        var plan = new PhasePlan("sync", settings, content, _directory.Path, names, 3);

        await using var host = await EngineHost.StartAsync(Config.Empty, "sync", _ => { });
        using var interruption = new Interruption();
        var measured = await new PhaseRun(host, plan).RunAsync(interruption, () => { });

        Assert.Equal((20, 20), (measured.Outcome.Units, measured.Outcome.Reads));
        var wrong = ReadVerification.FirstWrong(plan, measured.Outcome, interrupted: false);
        Assert.Contains("0.bin: block 11 holds block 3 of file 0", wrong);
    }
}
