using System.Runtime.InteropServices;

namespace Actors.Host.Running;

/// <summary>
/// Ctrl-C and SIGTERM: the first asks the run to drain and report, a second ends the process at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    // Some who pass a signal on send it twice: timeout(1) to the process and to its group.
    private static readonly TimeSpan Echo = TimeSpan.FromMilliseconds(300);

    private readonly CancellationTokenSource _requested = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Action _beforeExit;
    private readonly TimeProvider _clock;
    private int _exitCode;
    private long _firstSignal;

    /// <summary>One that only <see cref="Request"/> triggers.</summary>
    /// <param name="beforeExit">Called when a second signal ends the process, to leave the terminal usable.</param>
    /// <param name="clock">Tells a second signal from an echo of the first.</param>
    public Interruption(Action? beforeExit = null, TimeProvider? clock = null)
    {
        _beforeExit = beforeExit ?? (() => { });
        _clock = clock ?? TimeProvider.System;
    }

    /// <summary>Cancelled by the first request.</summary>
    public CancellationToken Token => _requested.Token;

    /// <summary>True after the first request.</summary>
    public bool IsRequested => Volatile.Read(ref _exitCode) != 0;

    /// <summary>130 or 143 after a request, by convention 128 and the number of the signal; otherwise 0.</summary>
    public int ExitCode => Volatile.Read(ref _exitCode);

    /// <summary>Begins to listen for the signals.</summary>
    public Interruption Listen()
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal));
        return this;
    }

    /// <summary>Asks the run to stop; false when that was asked before.</summary>
    public bool Request(int exitCode)
    {
        if (Interlocked.CompareExchange(ref _exitCode, exitCode, 0) != 0)
        {
            return false;
        }

        _requested.Cancel();
        return true;
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _requested.Dispose();
    }

    /// <summary>Takes a signal; true when it is to end the process at once.</summary>
    public bool Receive(int exitCode)
    {
        // First of all: two signals may be handled at the same time.
        var first = Interlocked.CompareExchange(ref _firstSignal, _clock.GetTimestamp(), 0);
        return !Request(exitCode) && first != 0 && _clock.GetElapsedTime(first) > Echo;
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        var exitCode = context.Signal == PosixSignal.SIGTERM
            ? Commands.ExitCodes.Terminated
            : Commands.ExitCodes.Interrupted;
        if (Receive(exitCode))
        {
            _beforeExit();
            Environment.Exit(exitCode);
        }
    }
}
