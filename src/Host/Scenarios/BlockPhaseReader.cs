using Actors.Engine;
using Actors.Engine.Configuration;
using Actors.Host.Content;

namespace Actors.Host.Scenarios;

/// <summary>Reads the phases with <c>unit = block</c>.</summary>
/// <param name="engine">Its limits.</param>
/// <param name="verify">What a phase does that does not say.</param>
internal sealed class BlockPhaseReader(EngineSettings engine, bool verify)
{
    /// <summary>Bytes of the largest block.</summary>
    public const int BlockSizeMax = 64 * 1024 * 1024;

    /// <summary>Linux's sector: no file system takes direct I/O in smaller portions.</summary>
    private const int DirectUnitMin = 512;

    private const int InFlightMax = 32768;
    private const int InFlightDefault = 32;
    private const int ReadPercentDefault = 50;

    private static readonly TimeSpan DurationMin = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan DurationMax = TimeSpan.FromHours(24);

    /// <summary>The keys that phases with another unit do not have.</summary>
    public static IReadOnlyList<string> OwnKeys { get; } =
    [
        "size", "block-size", "pattern", "in-flight", "direct", "read-percent", "duration", "warmup", "sync-every",
    ];

    /// <summary>Reads one.</summary>
    /// <param name="reader">Its section.</param>
    /// <param name="name">Its name.</param>
    /// <param name="operation">Its operation.</param>
    /// <param name="laidOut">The phase before it that made the files, or null.</param>
    public PhaseSettings Read(
        ConfigReader reader, string name, PhaseOperation operation, PhaseSettings? laidOut)
    {
        var duration = reader.GetDurationOrNull("duration", DurationMin, DurationMax);
        var laysOut = operation == PhaseOperation.Write && duration is null;
        var blockSize = laysOut ? ReadBlockSize(reader) : InheritBlockSize(reader, laidOut);
        var writes = operation != PhaseOperation.Read;
        var phase = new PhaseSettings(
            name,
            operation,
            PhaseUnit.Block,
            laysOut ? ReadCount(reader, blockSize) : laidOut!.Count,
            null,
            writes && (reader.GetBoolOrNull("sync") ?? false),
            reader.GetBoolOrNull("verify") ?? verify)
        {
            BlockSize = blockSize,
            Pattern = reader.GetEnumOrNull<AccessPattern>("pattern") ?? AccessPattern.Sequential,
            InFlight = reader.GetIntOrNull("in-flight", 1, InFlightMax) ?? InFlightDefault,
            Direct = reader.GetBoolOrNull("direct") ?? false,
            ReadPercent = ReadShare(reader, operation),
            Duration = duration,
            Warmup = ReadWarmup(reader, duration),
            SyncEvery = writes ? reader.GetIntOrNull("sync-every", 1, int.MaxValue) : null,
        };
        CheckDirect(reader, phase);
        CheckNesting(reader, phase);
        return phase;
    }

    private static int ReadBlockSize(ConfigReader reader) =>
        reader.GetBytes("block-size", BlockHeader.Size, BlockSizeMax);

    // A block is verified as a whole, so it is also read and overwritten as a whole.
    private static int InheritBlockSize(ConfigReader reader, PhaseSettings? laidOut)
    {
        if (laidOut?.Unit != PhaseUnit.Block)
        {
            throw reader.Fault("duration",
                "needs a write phase with unit = block and without duration before it, which lays the files out");
        }

        var size = laidOut.BlockSize!.Value;
        return !reader.Has("block-size") || ReadBlockSize(reader) == size
            ? size
            : throw reader.Fault("block-size",
                $"must be that of the write phase \"{laidOut.Name}\" before it, {size}: blocks are verified as a whole");
    }

    private static long ReadCount(ConfigReader reader, int blockSize)
    {
        if (!reader.Has("size"))
        {
            return reader.GetLong("count", 1, int.MaxValue);
        }

        if (reader.Has("count"))
        {
            throw reader.Fault("size", "and count say the same; set one of them");
        }

        var size = reader.GetBytes("size", 1, (long)int.MaxValue * blockSize);
        return size % blockSize == 0
            ? size / blockSize
            : throw reader.Fault("size", $"must be a multiple of block-size = {blockSize}");
    }

    private static int? ReadShare(ConfigReader reader, PhaseOperation operation)
    {
        const string key = "read-percent";
        if (operation == PhaseOperation.Mixed)
        {
            return reader.GetIntOrNull(key, 0, 100) ?? ReadPercentDefault;
        }

        return !reader.Has(key) ? null : throw reader.Fault(key, "is for operation = mixed");
    }

    private static TimeSpan? ReadWarmup(ConfigReader reader, TimeSpan? duration)
    {
        const string key = "warmup";
        return !reader.Has(key) ? null
            : duration is not null ? reader.GetDuration(key, TimeSpan.Zero, DurationMax)
            : throw reader.Fault(key, "needs a duration: a phase that visits each block once has no time to spare");
    }

    private static void CheckDirect(ConfigReader reader, PhaseSettings phase)
    {
        if (phase.Direct == true && phase.BlockSize % DirectUnitMin != 0)
        {
            throw reader.Fault(reader.Has("block-size") ? "block-size" : "direct",
                $"blocks of {phase.BlockSize} bytes cannot go with direct = on; must be a multiple of {DirectUnitMin}");
        }
    }

    private void CheckNesting(ConfigReader reader, PhaseSettings phase)
    {
        var inFlight = phase.InFlight!.Value;
        Limit("actors.engine.backend.in-flight", engine.Backend.InFlight, inFlight, "");
        Limit("actors.engine.file.credit-messages", engine.File.CreditMessages, inFlight, "");
        Limit("actors.engine.file.credit-bytes", engine.File.CreditBytes, (long)inFlight * phase.BlockSize!.Value,
            $" blocks of {phase.BlockSize} bytes");

        void Limit(string key, long limit, long value, string what)
        {
            // One block is always accepted, whatever its size.
            if (value > limit && inFlight > 1)
            {
                throw reader.Fault("in-flight",
                    $"{inFlight}{what} must not exceed {key} = {limit}. Lower the first or raise the second");
            }
        }
    }
}
