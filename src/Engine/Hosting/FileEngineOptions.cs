using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Actors.Engine.Configuration;
using Akka.Configuration;
using Microsoft.Extensions.Logging;

namespace Actors.Engine;

/// <summary>The settings that applications set in code most often. A null leaves the key to configuration, where all
/// the others are too.</summary>
public sealed class FileEngineOptions
{
    /// <summary><c>backend-name</c>.</summary>
    public string? BackendName { get; set; }

    /// <summary><c>shards</c>.</summary>
    public int? Shards { get; set; }

    /// <summary><c>writer.coalesce</c>.</summary>
    public bool? Coalesce { get; set; }

    /// <summary><c>writer.acknowledge</c>.</summary>
    public AcknowledgeMode? Acknowledge { get; set; }

    /// <summary><c>writer.durability</c>.</summary>
    public Durability? Durability { get; set; }

    /// <summary><c>buffers.size-max</c>, in bytes.</summary>
    public long? BufferSizeMax { get; set; }

    /// <summary><c>coordinator.open-files-max</c>.</summary>
    public int? OpenFilesMax { get; set; }

    /// <summary><c>coordinator.drain-timeout</c>. The phase <c>before-service-unbind</c> of CoordinatedShutdown, which the
    /// engine drains in, gets the time too, unless the application has set its timeout, or has asked for
    /// CoordinatedShutdown before the engine: if that is less, the engine logs that the drain will be cut.</summary>
    public TimeSpan? DrainTimeout { get; set; }

    /// <summary>Any other setting, as HOCON, e.g. <c>actors.engine.backend.linux-aio.allow-buffered = on</c>; what the
    /// properties above set goes before it. Read strictly: what is wrong is a <see cref="HoconException"/> with line and
    /// column.</summary>
    public string? Hocon { get; set; }

    /// <summary>What the engine logs to, in the category <see cref="FileEngineTelemetry.LogCategory"/>. Null for the one
    /// of the container that the engine is in; without one an engine in somebody's actor system logs to Akka's log,
    /// and an engine of its own to nobody.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>What makes the meter. Null for the one of the container that the engine is in, or else the meter of the
    /// process.</summary>
    public IMeterFactory? MeterFactory { get; set; }

    internal Config ToConfig()
    {
        var hocon = new StringBuilder();
        Add(hocon, "backend-name", BackendName is null ? null : $"\"{BackendName.Replace("\"", "")}\"");
        Add(hocon, "shards", Shards);
        Add(hocon, "writer.coalesce", Coalesce switch { true => "on", false => "off", null => null });
        Add(hocon, "writer.acknowledge", Acknowledge?.ToString().ToLowerInvariant());
        Add(hocon, "writer.durability", Durability switch
        {
            Engine.Durability.None => "none",
            Engine.Durability.DataSync => "data-sync",
            Engine.Durability.Sync => "sync",
            _ => null,
        });
        Add(hocon, "buffers.size-max", BufferSizeMax);
        Add(hocon, "coordinator.open-files-max", OpenFilesMax);
        Add(hocon, "coordinator.drain-timeout", DrainTimeout is { } time ? $"{(long)time.TotalMilliseconds}ms" : null);
        var config = ConfigurationFactory.ParseString(hocon.ToString());
        return Hocon is null
            ? config
            : config.WithFallback(HoconSource.Parse(Hocon, $"{nameof(FileEngineOptions)}.{nameof(Hocon)}").Config);
    }

    private static void Add(StringBuilder hocon, string key, object? value)
    {
        if (value is not null)
        {
            hocon.AppendLine(CultureInfo.InvariantCulture, $"actors.engine.{key} = {value}");
        }
    }
}
