using Akka.Streams;
using Akka.Streams.Stage;

namespace Actors.Adversary.Faces;

/// <summary>A stage that passes everything on, and knows whether its stream was started: a system that terminates may
/// take a stream and never start it, and then no stage of it can tell anything.</summary>
internal sealed class StartMark<T> : GraphStage<FlowShape<T, T>>
{
    private readonly Inlet<T> _in = new("StartMark.in");
    private readonly Outlet<T> _out = new("StartMark.out");
    private volatile bool _isStarted;

    public override FlowShape<T, T> Shape => new(_in, _out);

    public bool IsStarted => _isStarted;

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

    private sealed class Logic : InAndOutGraphStageLogic
    {
        private readonly StartMark<T> _mark;

        public Logic(StartMark<T> mark)
            : base(mark.Shape)
        {
            _mark = mark;
            SetHandlers(mark._in, mark._out, this);
        }

        public override void PreStart() => _mark._isStarted = true;

        public override void OnPush() => Push(_mark._out, Grab(_mark._in));

        public override void OnPull() => Pull(_mark._in);
    }
}
