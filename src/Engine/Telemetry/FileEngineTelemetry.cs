namespace Actors.Engine;

/// <summary>The names under which the engine can be observed, for <c>AddMeter</c>, <c>AddSource</c> and log
/// filters.</summary>
/// <remarks>
/// Instruments of the meter, each with <c>actors.engine.name</c> (the actor system's, with a number when several
/// engines of one process have the same) and <c>actors.engine.backend</c>. They are read from what the shards report
/// once in <c>metrics.interval</c>; an operation pays nothing for them.
/// <list type="table">
/// <item><term>actors.engine.operations</term><description>counter, {operation}: performed</description></item>
/// <item><term>actors.engine.failures</term><description>counter, {operation}, by <c>error.type</c>: commands answered
/// with failure</description></item>
/// <item><term>actors.engine.operation.duration</term><description>histogram, s: from arrival to answer, of one command
/// in <c>metrics.sample-every</c>; its count is of samples</description></item>
/// <item><term>actors.engine.kernel.operations</term><description>counter, {operation}, by
/// <c>actors.engine.inline</c>: reads and writes handed to the kernel, and whether on the shard's own
/// thread</description></item>
/// <item><term>actors.engine.io</term><description>counter, By, by <c>disk.io.direction</c> (read,
/// write)</description></item>
/// <item><term>actors.engine.syncs</term><description>counter, {sync}: syncs that succeeded</description></item>
/// <item><term>actors.engine.mailbox.refusals</term><description>counter, {command}: refused for a full
/// queue</description></item>
/// <item><term>actors.engine.restarts</term><description>counter, {restart}: backend actors restarted after a
/// defect</description></item>
/// <item><term>actors.engine.driver.replacements</term><description>counter, {driver}: replaced after a
/// defect</description></item>
/// <item><term>actors.engine.errors</term><description>counter, {error}: defects that the engine caught and went on
/// after</description></item>
/// <item><term>actors.engine.file.count</term><description>up-down counter, {file}: open now</description></item>
/// <item><term>actors.engine.file.limit</term><description>gauge, {file}: may be open at once</description></item>
/// <item><term>actors.engine.file.poisoned</term><description>up-down counter, {file}: open, and of no use since a sync
/// failed</description></item>
/// <item><term>actors.engine.file.pending_opens</term><description>up-down counter, {open}: wait for a
/// descriptor</description></item>
/// <item><term>actors.engine.buffer.leased</term><description>up-down counter, {buffer}: in use</description></item>
/// <item><term>actors.engine.buffer.usage</term><description>up-down counter, By: pooled buffers in
/// existence</description></item>
/// <item><term>actors.engine.buffer.limit</term><description>gauge, By: what they may come to</description></item>
/// </list>
/// Activities, of the asynchronous face and not of single reads and writes: <c>file.open</c>, <c>file.close</c>,
/// <c>file.sync</c>, <c>file.replace</c>, <c>file.rename</c>, <c>file.delete</c>, <c>file.copy</c>,
/// <c>directory.copy</c>, <c>directory.create</c>, <c>directory.delete</c>, with <c>file.path</c>, and with
/// <c>error.type</c> when they fail. <c>error.type</c> is the <see cref="FailureReason"/> in lower case with
/// underscores.
/// </remarks>
public static class FileEngineTelemetry
{
    /// <summary>Of the <see cref="System.Diagnostics.Metrics.Meter"/>.</summary>
    public const string MeterName = "Actors.Engine";

    /// <summary>Of the <see cref="System.Diagnostics.ActivitySource"/>.</summary>
    public const string ActivitySourceName = "Actors.Engine";

    /// <summary>Of the log.</summary>
    public const string LogCategory = "Actors.Engine.FileEngine";

    internal static readonly string? Version = typeof(FileEngineTelemetry).Assembly.GetName().Version?.ToString(3);
}
