using Actors.Engine;

namespace Actors.Reliability.Soak.Load;

/// <summary>Counts calls of the async face as commands are counted: each must end, by a result or by an exception that
/// is one of the engine's words.</summary>
internal sealed class CallCounter(SoakCounts counts, string who)
{
    /// <summary>Makes a call and awaits it.</summary>
    /// <returns>False when it failed or was cancelled.</returns>
    public async Task<bool> TryAsync(Func<ValueTask> call)
    {
        counts.CountSent();
        try
        {
            await call().AsTask().WaitAsync(SoakLimits.Patience);
        }
        catch (TimeoutException)
        {
            counts.Breach($"{who}: a call has not ended within {SoakLimits.Patience.TotalSeconds} s");
            return false;
        }
        catch (FileEngineException e)
        {
            counts.CountAnswered();
            counts.CountFailure(e.Reason);
            return false;
        }
        catch (OperationCanceledException)
        {
            counts.CountAnswered();
            counts.CountFailure(FailureReason.Cancelled);
            return false;
        }
        catch (Exception e)
        {
            counts.CountAnswered();
            counts.Breach($"{who}: {e.GetType().Name}: {e.Message}");
            return false;
        }

        counts.CountAnswered();
        return true;
    }

    /// <summary>The same for a call with a result.</summary>
    /// <returns>The result; default when it failed or was cancelled.</returns>
    public async Task<T?> TryGetAsync<T>(Func<ValueTask<T>> call)
    {
        T? result = default;
        await TryAsync(async () => result = await call());
        return result;
    }
}
