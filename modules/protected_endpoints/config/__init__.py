"""The tables of `endpoints.toml` as frozen pydantic models. Python code that composes stacks creates the same objects.

Keys are the argument names of AWS and Terraform. `config.types` limits single values, `rules` check values together,
and `loading` reads the file.
"""

from protected_endpoints.config.alarms import AgeAlarm as AgeAlarm
from protected_endpoints.config.alarms import Alarms as Alarms
from protected_endpoints.config.alarms import AlarmWindow as AlarmWindow
from protected_endpoints.config.alarms import CountAlarm as CountAlarm
from protected_endpoints.config.alarms import DurationAlarm as DurationAlarm
from protected_endpoints.config.alarms import EnvironmentAlarms as EnvironmentAlarms
from protected_endpoints.config.alarms import LatencyAlarm as LatencyAlarm
from protected_endpoints.config.alarms import PercentAlarm as PercentAlarm
from protected_endpoints.config.alarms import RateAlarm as RateAlarm
from protected_endpoints.config.async_inference import AsyncInferenceConfig as AsyncInferenceConfig
from protected_endpoints.config.async_inference import ClientConfig as ClientConfig
from protected_endpoints.config.async_inference import NotificationConfig as NotificationConfig
from protected_endpoints.config.async_inference import OutputConfig as OutputConfig
from protected_endpoints.config.container import AdditionalModelDataSource as AdditionalModelDataSource
from protected_endpoints.config.container import Container as Container
from protected_endpoints.config.container import ImageConfig as ImageConfig
from protected_endpoints.config.container import InferenceExecutionConfig as InferenceExecutionConfig
from protected_endpoints.config.container import Model as Model
from protected_endpoints.config.container import ModelAccessConfig as ModelAccessConfig
from protected_endpoints.config.container import ModelDataSource as ModelDataSource
from protected_endpoints.config.container import MultiModelConfig as MultiModelConfig
from protected_endpoints.config.container import RepositoryAuthConfig as RepositoryAuthConfig
from protected_endpoints.config.container import S3DataSource as S3DataSource
from protected_endpoints.config.deployment_config import Alarm as Alarm
from protected_endpoints.config.deployment_config import AutoRollbackConfiguration as AutoRollbackConfiguration
from protected_endpoints.config.deployment_config import BlueGreenUpdatePolicy as BlueGreenUpdatePolicy
from protected_endpoints.config.deployment_config import CapacitySize as CapacitySize
from protected_endpoints.config.deployment_config import DeploymentConfig as DeploymentConfig
from protected_endpoints.config.deployment_config import RollingUpdatePolicy as RollingUpdatePolicy
from protected_endpoints.config.deployment_config import TrafficRoutingConfiguration as TrafficRoutingConfiguration
from protected_endpoints.config.egress import Egress as Egress
from protected_endpoints.config.endpoint import CaptureContentTypeHeader as CaptureContentTypeHeader
from protected_endpoints.config.endpoint import DataCapture as DataCapture
from protected_endpoints.config.endpoint import Endpoint as Endpoint
from protected_endpoints.config.endpoint import Kms as Kms
from protected_endpoints.config.endpoint import Logs as Logs
from protected_endpoints.config.endpoint import Relax as Relax
from protected_endpoints.config.environment import Audit as Audit
from protected_endpoints.config.environment import Cloud as Cloud
from protected_endpoints.config.environment import Environment as Environment
from protected_endpoints.config.environment import GithubActions as GithubActions
from protected_endpoints.config.environment import Network as Network
from protected_endpoints.config.environment import Project as Project
from protected_endpoints.config.environment import State as State
from protected_endpoints.config.inference_component import ComputeResourceRequirements as ComputeResourceRequirements
from protected_endpoints.config.inference_component import InferenceComponent as InferenceComponent
from protected_endpoints.config.inference_component import StartupParameters as StartupParameters
from protected_endpoints.config.invoker import Invoker as Invoker
from protected_endpoints.config.permission import Permission as Permission
from protected_endpoints.config.scaling import CustomizedMetricSpecification as CustomizedMetricSpecification
from protected_endpoints.config.scaling import Scaling as Scaling
from protected_endpoints.config.scaling import ScheduledAction as ScheduledAction
from protected_endpoints.config.scaling import StepAdjustment as StepAdjustment
from protected_endpoints.config.scaling import StepScalingPolicy as StepScalingPolicy
from protected_endpoints.config.variant import CoreDumpConfig as CoreDumpConfig
from protected_endpoints.config.variant import Hosting as Hosting
from protected_endpoints.config.variant import ManagedInstanceScaling as ManagedInstanceScaling
from protected_endpoints.config.variant import RoutingConfig as RoutingConfig
from protected_endpoints.config.variant import ServerlessConfig as ServerlessConfig
from protected_endpoints.config.variant import Variant as Variant
