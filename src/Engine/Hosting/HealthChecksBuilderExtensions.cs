using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Actors.Engine;

/// <summary>Adds the file engine to health checks.</summary>
public static class HealthChecksBuilderExtensions
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Checks the container's engine: of <c>AddFileEngine</c>, or of its actor system.</summary>
    /// <remarks>
    /// <b>Unhealthy</b> (or <paramref name="failureStatus"/>): a shard's thread has ended or does not come round in
    /// time, e.g. because the kernel holds it in a call; or its driver failed and could not be replaced; or coordinator
    /// and metrics actor do not answer in time, e.g. because the engine was stopped. A restart may help.
    /// <para><b>Degraded</b>, always: a file is open that a sync has failed of, so that its data may not be durable;
    /// files wait for a buffer (<c>buffers.size-max</c>); opens wait for a descriptor. The engine does its work; a
    /// restart would lose what the owner of a poisoned file can still write again.</para>
    /// <para>The result's data has <c>backend</c>, <c>shards</c>, <c>open-files</c>, <c>open-files-max</c>,
    /// <c>queued-opens</c>, <c>poisoned-files</c>, <c>failures</c>, <c>restarts</c> of actors after a defect,
    /// <c>driver-replacements</c>, <c>errors</c> caught, <c>buffer-bytes</c>, <c>buffer-bytes-max</c>,
    /// <c>shards-out-of-buffers</c>, and <c>silent-shards</c> or <c>refusing-shards</c> if there are any.</para>
    /// </remarks>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">Of the check.</param>
    /// <param name="failureStatus">What to report in place of Unhealthy. Null for Unhealthy.</param>
    /// <param name="tags">For filters.</param>
    /// <param name="timeout">How long the parts of the engine may take to answer. Null for 5 seconds.</param>
    public static IHealthChecksBuilder AddFileEngine(
        this IHealthChecksBuilder builder,
        string name = "file-engine",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name, provider => new FileEngineHealthCheck(EngineOf(provider), timeout ?? DefaultTimeout), failureStatus,
            tags));
    }

    private static FileEngine EngineOf(IServiceProvider provider) =>
        provider.GetService<FileEngine>() ?? provider.GetRequiredService<ActorSystem>().FileEngine();
}
