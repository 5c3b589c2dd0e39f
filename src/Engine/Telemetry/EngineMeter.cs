using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Actors.Engine.Metrics;

namespace Actors.Engine.Telemetry;

/// <summary>
/// The meter, with one set of instruments for all engines that are measured by it: one for the process, and one for
/// each container that has a meter factory. Read when somebody collects; see <see cref="FileEngineTelemetry"/>.
/// </summary>
internal sealed class EngineMeter
{
    private static readonly Lazy<EngineMeter> OfProcess = new(
        () => new EngineMeter(new Meter(FileEngineTelemetry.MeterName, FileEngineTelemetry.Version)));

    private static readonly ConditionalWeakTable<IMeterFactory, EngineMeter> OfFactories = [];

    private readonly Lock _gate = new();
    private readonly Meter _meter;
    // Null when a listener threw as it was told of it.
    private readonly Histogram<double>? _duration;
    private FileEngine[] _engines = [];

    private EngineMeter(Meter meter)
    {
        _meter = meter;
        _duration = ForeignCode.Try(() => meter.CreateHistogram(
            "actors.engine.operation.duration", "s", "From a command's arrival to its answer, sampled", null,
            new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries =
                [
                    1e-6, 2.5e-6, 5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.05,
                    0.1, 0.25, 0.5, 1, 2.5, 5, 10,
                ],
            }));
        AddWork();
        AddFiles();
        AddBuffers();
    }

    /// <summary>The meter of a container's factory; of the process where there is none, or it throws.</summary>
    public static EngineMeter Of(IMeterFactory? factory) =>
        (factory is null ? null : ForeignCode.Try(() => OfFactories.GetValue(factory, static factory => new EngineMeter(
            factory.Create(new MeterOptions(FileEngineTelemetry.MeterName) { Version = FileEngineTelemetry.Version })))))
        ?? OfProcess.Value;

    /// <summary>Measures an engine from now on, under a name that tells it from the others.</summary>
    public void Add(FileEngine engine)
    {
        lock (_gate)
        {
            var name = engine.Telemetry.Name;
            var unique = name;
            for (var i = 2; _engines.Any(other => other.Telemetry.Name == unique); i++)
            {
                unique = $"{name}-{i}";
            }

            engine.Telemetry.Identify(unique, engine.Backend);
            _engines = [.. _engines, engine];
        }
    }

    public void Remove(FileEngine engine)
    {
        lock (_gate)
        {
            _engines = [.. _engines.Where(other => other != engine)];
        }
    }

    /// <summary>Replays what a shard has sampled, when anybody listens.</summary>
    public void Record(LatencyHistogram samples, TagList tags)
    {
        if (_duration is { Enabled: true } duration)
        {
            ForeignCode.Try(() => Replay(duration, samples, tags));
        }
    }

    private static void Replay(Histogram<double> duration, LatencyHistogram samples, in TagList tags)
    {
        foreach (var (seconds, count) in samples.Samples)
        {
            for (var i = 0L; i < count; i++)
            {
                duration.Record(seconds, tags);
            }
        }
    }

    private void AddWork()
    {
        Counter("actors.engine.operations", "{operation}", "Commands performed", e => e.Telemetry.Figures.Operations);
        Counter("actors.engine.failures", "{operation}", "Commands answered with failure", Failures);
        Counter(
            "actors.engine.kernel.operations", "{operation}", "Reads and writes handed to the kernel",
            KernelOperations);
        Counter("actors.engine.io", "By", "Bytes that reads took from files and writes put into them", Io);
        Counter("actors.engine.syncs", "{sync}", "Syncs that succeeded", e => e.Telemetry.Figures.Syncs);
        Counter(
            "actors.engine.mailbox.refusals", "{command}", "Commands refused: full queue", e => e.Counters.Refused);
        Counter(
            "actors.engine.restarts", "{restart}", "Backend actors restarted after a defect", e => e.Counters.Restarts);
        Counter(
            "actors.engine.driver.replacements", "{driver}", "Drivers replaced after a defect",
            e => e.Counters.Replacements);
        Counter(
            "actors.engine.errors", "{error}", "Defects that the engine caught and went on after",
            e => e.Counters.Errors);
    }

    private void AddFiles()
    {
        Level("actors.engine.file.count", "{file}", "Files open", e => e.Telemetry.Figures.OpenFiles);
        Gauge("actors.engine.file.limit", "{file}", "Files that may be open at once", e => e.OpenFilesMax);
        Level("actors.engine.file.poisoned", "{file}", "Open files that a sync failed of", e => e.Counters.Poisoned);
        Level(
            "actors.engine.file.pending_opens", "{open}", "Opens that wait for a descriptor",
            e => e.Telemetry.Figures.QueuedOpens);
    }

    private void AddBuffers()
    {
        Level("actors.engine.buffer.leased", "{buffer}", "Buffers in use", e => e.Shards.Sum(s => s.Buffers.Leased));
        Level("actors.engine.buffer.usage", "By", "Buffers in existence", e => e.Shards.Sum(s => s.Buffers.Bytes));
        Gauge("actors.engine.buffer.limit", "By", "What they may come to", e => e.Shards.Sum(s => s.Buffers.BytesMax));
    }

    // Listeners are told of an instrument as it is made.
    private void Counter(string name, string unit, string description, Func<FileEngine, long> read) =>
        ForeignCode.Try(() => _meter.CreateObservableCounter(name, () => OfEach(read), unit, description));

    private void Counter(
        string name, string unit, string description, Func<FileEngine, IEnumerable<Measurement<long>>> read) =>
        ForeignCode.Try(() => _meter.CreateObservableCounter(name, () => OfEach(read), unit, description));

    private void Level(string name, string unit, string description, Func<FileEngine, long> read) =>
        ForeignCode.Try(() => _meter.CreateObservableUpDownCounter(name, () => OfEach(read), unit, description));

    private void Gauge(string name, string unit, string description, Func<FileEngine, long> read) =>
        ForeignCode.Try(() => _meter.CreateObservableGauge(name, () => OfEach(read), unit, description));

    private IEnumerable<Measurement<long>> OfEach(Func<FileEngine, long> read) =>
        Volatile.Read(ref _engines).Select(engine => new Measurement<long>(read(engine), engine.Telemetry.Tags));

    private IEnumerable<Measurement<long>> OfEach(Func<FileEngine, IEnumerable<Measurement<long>>> read) =>
        Volatile.Read(ref _engines).SelectMany(read);

    private static IEnumerable<Measurement<long>> Failures(FileEngine engine) =>
        engine.Telemetry.Figures.Failures
            .Select((count, reason) => (count, reason))
            .Where(failures => failures.count > 0)
            .Select(failures => Tagged(
                engine, failures.count, ErrorType.Key, ErrorType.Of((FailureReason)failures.reason)));

    private static IEnumerable<Measurement<long>> KernelOperations(FileEngine engine)
    {
        var figures = engine.Telemetry.Figures;
        yield return Tagged(engine, figures.InlineOperations, "actors.engine.inline", true);
        yield return Tagged(
            engine, figures.KernelOperations - figures.InlineOperations, "actors.engine.inline", false);
    }

    private static IEnumerable<Measurement<long>> Io(FileEngine engine)
    {
        var figures = engine.Telemetry.Figures;
        yield return Tagged(engine, figures.BytesRead, "disk.io.direction", "read");
        yield return Tagged(engine, figures.BytesWritten, "disk.io.direction", "write");
    }

    private static Measurement<long> Tagged(FileEngine engine, long value, string key, object tag) =>
        new(value, [.. engine.Telemetry.Tags, KeyValuePair.Create<string, object?>(key, tag)]);
}
