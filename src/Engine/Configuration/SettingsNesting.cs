using System.Globalization;

namespace Actors.Engine.Configuration;

/// <summary>
/// The limits that lie inside one another. Were one larger than the one around it, a client that keeps to its credits
/// would be refused, or an operation would find no slot. Every error names both keys with their values.
/// </summary>
/// <param name="settings">What to check.</param>
/// <param name="positionOf">Where a full path was assigned; null where that is not known.</param>
internal sealed class SettingsNesting(EngineSettings settings, Func<string, string?> positionOf)
{
    private readonly FileSettings _file = settings.File;
    private readonly ReaderSettings _reader = settings.Reader;
    private readonly BackendSettings _backend = settings.Backend;

    public void Check()
    {
        CheckOrder(
            Count("file.credit-messages", _file.CreditMessages), Count("file.queue-messages", _file.QueueMessages));
        CheckOrder(Size("file.credit-bytes", _file.CreditBytes), Size("file.queue-bytes", _file.QueueBytes));
        CheckOrder(Count("file.in-flight", _file.InFlight), Count("backend.in-flight", _backend.InFlight));
        CheckOrder(Size("reader.chunk-size", _reader.ChunkSize), Size("reader.line-size-max", _reader.LineSizeMax));
        if (settings.BackendName is "io-uring" or EngineSettings.AutoBackend)
            CheckDepth("io-uring", _backend.IoUring.Depth, completionsPerEntry: 2);
        if (settings.BackendName is "linux-aio" or EngineSettings.AutoBackend)
            CheckDepth("linux-aio", _backend.LinuxAio.Depth, completionsPerEntry: 1);
    }

    public void CheckBuffers(int shardCount)
    {
        var needed = settings.BuffersNeeded;
        if (settings.Buffers.SizeMax is not { } size || size / shardCount >= needed)
            return;
        var shards = settings.BackendName == "sync-thread" ? "backend.sync-thread.threads-max" : "shards";
        throw new FileEngineConfigurationException(
            $"{Size("buffers.size-max", size)}: too little for {shardCount} shards "
            + $"({EngineSettings.SectionPath}.{shards}). Each needs two "
            + $"chunks and two writer buffers ({Size("reader.chunk-size", _reader.ChunkSize)}, "
            + $"{Size("writer.buffer-size", settings.Writer.BufferSize)}); raise it to "
            + $"{ByteSizeText.Format(needed * shardCount)} or more, or lower the others.");
    }

    private void CheckDepth(string backend, int depth, int completionsPerEntry)
    {
        var inFlight = Count("backend.in-flight", _backend.InFlight);
        if (inFlight.Value <= (long)depth * completionsPerEntry)
            return;
        var bound = Count($"backend.{backend}.depth", depth).ToString();
        throw TooLarge(inFlight, completionsPerEntry == 1 ? bound : $"{completionsPerEntry} x {bound}");
    }

    private static void CheckOrder(Limit inner, Limit outer)
    {
        if (inner.Value > outer.Value)
            throw TooLarge(inner, outer.ToString());
    }

    private static FileEngineConfigurationException TooLarge(Limit inner, string bound) =>
        new($"{inner}: must not exceed {bound}. Lower the first or raise the second.");

    private Limit Count(string key, int value) => Describe(key, value, value.ToString(CultureInfo.InvariantCulture));

    private Limit Size(string key, long value) => Describe(key, value, ByteSizeText.Format(value));

    private Limit Describe(string key, long value, string shown)
    {
        var path = $"{EngineSettings.SectionPath}.{key}";
        var place = positionOf(path) is { } position ? $" ({position})" : "";
        return new Limit(value, $"{path} = {shown}{place}");
    }

    private readonly record struct Limit(long Value, string Shown)
    {
        public override string ToString() => Shown;
    }
}
