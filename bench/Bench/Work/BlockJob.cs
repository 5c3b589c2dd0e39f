namespace Actors.Bench.Work;

/// <summary>What is done with blocks, for fio and for ours.</summary>
/// <param name="IsRandom">At random, each block once in a pass; otherwise in sequence.</param>
/// <param name="Writes">Overwriting; otherwise reading.</param>
/// <param name="IsDirect">Past the page cache.</param>
/// <param name="BlockKibibytes">KiB of a block.</param>
/// <param name="InFlight">Blocks in flight, of all files together.</param>
/// <param name="Seconds">How long it is measured.</param>
internal sealed record BlockJob(
    bool IsRandom, bool Writes, bool IsDirect, int BlockKibibytes, int InFlight, double Seconds)
{
    /// <summary>The phase of <see cref="Settings"/> that does it; the one before it says what the files are.</summary>
    public const string Phase = "job";

    /// <summary>Before the measured time, on both sides.</summary>
    public const double WarmUpSeconds = 0.5;

    /// <summary>For fio; the engine and the files' names come with it.</summary>
    public IReadOnlyList<string> FioOptions =>
    [
        $"--rw={(IsRandom ? "rand" : "")}{(Writes ? "write" : "read")}",
        $"--bs={BlockKibibytes}k",
        $"--direct={(IsDirect ? 1 : 0)}",
        $"--iodepth={InFlight}",
        // Round robin, as everyone who has several files open at once; what is cached stays cached.
        "--file_service_type=roundrobin",
        "--invalidate=0",
        "--time_based",
        // In ms: it takes no fractions of a second.
        $"--runtime={Seconds * 1000}ms",
        $"--ramp_time={WarmUpSeconds * 1000}ms",
    ];

    /// <summary>For hocon/blocks.conf: its files, and phases of its own.</summary>
    public IReadOnlyList<string> Settings(int fileMebibytes)
    {
        var inFlight = InFlight / Blocks.Files;
        return
        [
            $"scenario.files={Blocks.Files}",
            "scenario.phases=[" +
                $"{{ name = layout, operation = write, unit = block, size = {fileMebibytes}MiB, " +
                $"block-size = {BlockKibibytes}KiB, in-flight = {inFlight} }}, " +
                $"{{ name = {Phase}, operation = {(Writes ? "write" : "read")}, unit = block, " +
                $"pattern = {(IsRandom ? "random" : "sequential")}, in-flight = {inFlight}, " +
                $"direct = {(IsDirect ? "on" : "off")}, duration = {Seconds}s, warmup = {WarmUpSeconds}s, " +
                "verify = off }]",
        ];
    }
}
