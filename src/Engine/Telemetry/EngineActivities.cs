using System.Diagnostics;

namespace Actors.Engine.Telemetry;

/// <summary>The activities of the asynchronous face. Whoever starts one asks <see cref="HasListeners"/> first, which is
/// all that it costs when nobody listens.</summary>
internal static class EngineActivities
{
    // Listeners are asked about a source when it is made; null when one of them threw.
    private static readonly ActivitySource? Source = ForeignCode.Try(
        () => new ActivitySource(FileEngineTelemetry.ActivitySourceName, FileEngineTelemetry.Version));

    public static bool HasListeners => Source?.HasListeners() == true;

    /// <summary>Does the work as an activity. Asynchronous even to its start, so that the caller's current activity
    /// stays what it is. Listeners that throw change nothing about the work.</summary>
    /// <param name="name">Few and fixed, e.g. <c>file.open</c>.</param>
    /// <param name="path">Of the file, as the caller named it.</param>
    /// <param name="work">What is done.</param>
    public static async ValueTask<T> TraceAsync<T>(string name, string path, Func<ValueTask<T>> work)
    {
        var activity = ForeignCode.Try(() => Source?.CreateActivity(name, ActivityKind.Internal));
        activity?.SetTag("file.path", path);
        ForeignCode.Try(() => activity?.Start());
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            activity?.SetTag(ErrorType.Key, ErrorType.Of(e));
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }
        finally
        {
            ForeignCode.Try(() => activity?.Dispose());
        }
    }
}
