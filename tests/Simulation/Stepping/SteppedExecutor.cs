using System.Collections.Concurrent;
using Akka.Configuration;
using Akka.Dispatch;

namespace Actors.Simulation.Stepping;

/// <summary>The executor of a dispatcher that is none of the engine's: runs its mailboxes when it is stepped.</summary>
internal sealed class SteppedExecutor(string id) : ExecutorService(id)
{
    private readonly ConcurrentQueue<IRunnable> _queue = new();

    public bool HasQueued => !_queue.IsEmpty;

    public override void Execute(IRunnable run) => _queue.Enqueue(run);

    /// <summary>Runs the oldest.</summary>
    public void Step()
    {
        if (_queue.TryDequeue(out var run))
        {
            run.Run();
        }
    }

    public override void Shutdown()
    {
    }
}

/// <summary>Named in configuration; gives its dispatcher an executor of the system's <see cref="Stepper"/>.</summary>
public sealed class SteppedExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    : ExecutorServiceConfigurator(config, prerequisites)
{
    /// <inheritdoc/>
    public override ExecutorService Produce(string id) =>
        Prerequisites.Settings.Setup.Get<StepperSetup>().Value.Stepper.CreateExecutor(id);
}
