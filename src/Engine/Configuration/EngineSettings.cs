using Akka.Configuration;

namespace Actors.Engine.Configuration;

/// <summary>
/// The settings of one engine, read and checked once at start from <c>actors.engine</c>; each property stands for the
/// key of the same name in reference.conf, where meaning, unit, legal values and default are.
/// </summary>
public sealed record EngineSettings(
    string BackendName,
    int? Shards,
    EventLoopSettings EventLoop,
    CoordinatorSettings Coordinator,
    FileSettings File,
    WriterSettings Writer,
    ReaderSettings Reader,
    BufferSettings Buffers,
    BackendSettings Backend,
    MetricsSettings Metrics)
{
    /// <summary>The section that the settings are in.</summary>
    public const string SectionPath = "actors.engine";

    /// <summary>The value of <c>backend-name</c> that lets the engine choose.</summary>
    public const string AutoBackend = "auto";

    private static readonly string[] BackendNames =
        [AutoBackend, "io-uring", "linux-aio", "thread-pool", "sync", "sync-thread"];

    private static readonly Lazy<Config> LazyReference = new(LoadReference);

    /// <summary>The engine's reference.conf, with every key and its default; parsed once.</summary>
    public static Config ReferenceConfig => LazyReference.Value;

    /// <summary>Reads and checks the settings of an actor system.</summary>
    /// <param name="systemConfig">The system's whole configuration; what <c>actors.engine</c> does not have in it comes
    /// from reference.conf.</param>
    /// <exception cref="FileEngineConfigurationException">A key is unknown, a value is not legal, or limits that nest
    /// do not.</exception>
    public static EngineSettings Create(Config systemConfig)
    {
        ArgumentNullException.ThrowIfNull(systemConfig);
        var config = systemConfig.SafeWithFallback(ReferenceConfig);
        var root = new ConfigReader(config, "actors");
        // What reference.conf has beside the engine is wiring; what it does not have is a typing error.
        foreach (var key in new ConfigReader(ReferenceConfig, "actors").Keys)
            root.Skip(key);

        var settings = Read(root.GetSection("engine"));
        root.RejectUnknown();
        new SettingsNesting(settings, path => HoconDocument.PositionOf(config, path)).Check();
        return settings;
    }

    /// <summary>Checks the limits that depend on what the engine starts with; limits that do not were checked by
    /// <see cref="Create"/>, and are checked again for settings that were changed since.</summary>
    /// <param name="shardCount">How many shards there will be.</param>
    /// <param name="backend">The backend that will do the I/O, e.g. <c>io-uring</c>.</param>
    /// <exception cref="FileEngineConfigurationException">Limits do not nest; names both keys and values.</exception>
    public void Validate(int shardCount, string backend)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shardCount, 1);
        var nesting = new SettingsNesting(this with { BackendName = backend }, _ => null);
        nesting.Check();
        nesting.CheckBuffers(shardCount);
    }

    /// <summary>Bytes of buffers without which a shard could neither read ahead nor fill one while the other is
    /// written.</summary>
    internal long BuffersNeeded => 2L * (Reader.ChunkSize + Writer.BufferSize);

    /// <summary>Reads the section <c>actors.engine</c>, without the limits that lie inside one another.</summary>
    internal static EngineSettings Read(ConfigReader reader) => new(
        reader.GetChoice("backend-name", BackendNames),
        reader.GetIntOrAuto("shards", 1, 1024),
        EventLoopSettings.Read(reader.GetSection("event-loop")),
        CoordinatorSettings.Read(reader.GetSection("coordinator")),
        FileSettings.Read(reader.GetSection("file")),
        WriterSettings.Read(reader.GetSection("writer")),
        ReaderSettings.Read(reader.GetSection("reader")),
        BufferSettings.Read(reader.GetSection("buffers")),
        BackendSettings.Read(reader.GetSection("backend")),
        MetricsSettings.Read(reader.GetSection("metrics")));

    private static Config LoadReference()
    {
        using var stream = typeof(EngineSettings).Assembly.GetManifestResourceStream("Actors.Engine.reference.conf")!;
        using var text = new StreamReader(stream);
        return HoconSource.Parse(text.ReadToEnd(), "reference.conf").Config;
    }
}
